"""Workers that take calls: what is behind `reeve.ReeveExecutor`.

A worker is a task of the framework, a Python process that connects back and takes calls until it is sent away.

    executor (any thread)  submit, map, cancel                         reeve/executor.py
       pool                workers as tasks: demand, offers, updates   pool.py
         reception         workers as connections                      reception.py
         dispatcher        calls: which worker runs which              dispatcher.py
       record              what outlives the process                   record.py
    -- one socket a worker, frames both ways ------------------------- frames.py
    worker                 runs calls, one after the other             worker.py
"""
