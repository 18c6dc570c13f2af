# Launches that wait at a node for room stand in no statement, so that the rack sends them again: one that was kept over a new
# session would run twice. What is to be ended before it starts goes back as it came.
core agent cpus=1

@ 0
placed 1
connected 1
welcomed 1 1.1
orders 1 launch=1.1,1.2,1.3
> state 1 obeyed 0.0
> obey 1.1
> spawn 1.1

@ 10
orders 1 kill=1.3
> report 1 refused 1.3

@ 20
gone 1
connected 2
welcomed 2 1.1
> state 2 running 1.1 obeyed 1.1

@ 30
started 1.1
ended 1.1
> report 2 starts 1.1 ends 1.1

@ 40
orders 2 launch=1.2 ack=1.1
> spawn 1.2
> forget 1.1
