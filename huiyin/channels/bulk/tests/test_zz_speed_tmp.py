import csv, time, cProfile, pstats, io
import pytest
from huiyin.channels.bulk.tests.test_running import run, HEADER, Together, OneByOne
@pytest.mark.django_db(transaction=True)
def test_speed(cast, tmp_path):
    f=tmp_path/"x.csv"
    N=4000
    with f.open("w",newline="") as s:
        w=csv.writer(s); w.writerow(HEADER)
        for i in range(N):
            d=i%365
            w.writerow([f"n{i}",f"U{i}",f"标题{i}",f"2024/{d%12+1}/{d%28+1} 9:32:09","石桥街道的路灯三天不亮了，晚上老人出门不便，请尽快维修。"*3+str(i),"城管局","求助","您好，感谢您的关心。经现场核实，已于当日更换灯泡并检查线路，后续加强巡查。"*2,f"2025/{d%12+1}/{d%28+1} 10:00"])
    t=time.time(); c=time.process_time(); pr=cProfile.Profile(); 
    import os
    if os.environ.get('PROF'): pr.enable()
    tally,_=run(f,Together())
    pr.disable(); dt=time.time()-t; print("\nCPU ms per case", (time.process_time()-c)*1000/N)
    print("\nRATE",tally,N/dt,"per s",dt)
    if os.environ.get('PROF'):
        s=io.StringIO(); pstats.Stats(pr,stream=s).sort_stats('tottime').print_stats(45); print(s.getvalue())
