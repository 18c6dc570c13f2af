# A rack scheduler that had been cut off from the master got its rack back, under a new generation. It stated at once what it
# knew from before, with nodes that it had lost or still took for connected, and the master gave up everything that another
# had launched on them meanwhile. Found by seed 50.
core rack

@ 0
master 1 generation=1.1 nodes=1,2
node 1 1 cpus=8
node 2 2 cpus=8
> welcome 1 node 1 under 1.1
> welcome 2 node 2 under 1.1
> state 1 nodes 1:up,2:up

@ 100
master-gone 1
node-gone 1 1

@ 1000
beat 2 2

@ 2000
# Node 1 is with another rack scheduler now, and runs 1.7.
master 2 generation=1.3 nodes=1,2
> refuse 2 node 2: another had the rack meanwhile: the node must state itself anew

@ 2100
node 3 2 cpus=8
> welcome 3 node 2 under 1.3

@ 2200
node 4 1 cpus=8 running=1.7 obeyed=1.2
> welcome 4 node 1 under 1.3
> state 2 started 1.7 nodes 1:up,2:up
