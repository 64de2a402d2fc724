"""Starts commands for `measure`, from a process that is small itself.

The system counts the memory of whoever started a process towards its peak, and the benchmark has
tens of MiB after it has made its data. One JSON line a command comes in, one a result goes out.
"""

import json
import os
import subprocess
import sys
import time

for line in sys.stdin:
    job = json.loads(line)
    with open(job["log"], "wb") as out:  # noqa: PTH123 - pathlib alone would double its size
        begin = time.perf_counter()
        process = subprocess.Popen(
            job["command"],
            cwd=job["cwd"],
            env=job["environ"],
            stdin=subprocess.DEVNULL,
            stdout=out,  # no pipe: a full one would make it wait for us
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = code = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"code": code, "wall": wall, "cpu": cpu, "peak": used.ru_maxrss}), flush=True)
