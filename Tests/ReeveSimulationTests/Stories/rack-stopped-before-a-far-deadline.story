# A rack scheduler that only waited for a far deadline did not notice that it was stopped, and took for lost a node that
# nobody had been there to hear. Found by seed 647.
core rack

@ 0
master 1 generation=1.1 nodes=1
node 1 1 cpus=8
orders 1 launch=1.1
> welcome 1 node 1 under 1.1
> order 1 node 1 launch 1.1
> state 1 waiting 1.1 nodes 1:up

@ 10
report 1 1 starts=1.1
> report 1 started 1.1

@ 20
node-gone 1 1
> report 1 nodes 1:suspect

@ 10900

@ 11000
node 2 1 cpus=8 running=1.1
> welcome 2 node 1 under 1.1
> report 1 nodes 1:up
