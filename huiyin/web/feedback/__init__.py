"""Pages of the feedback forms 《诉求问题反馈表》 and of their recipients."""
