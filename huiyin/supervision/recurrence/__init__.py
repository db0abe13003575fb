"""回头看: some of what was closed is drawn after thirty and ninety days, and its petitioner asked whether it came back."""
