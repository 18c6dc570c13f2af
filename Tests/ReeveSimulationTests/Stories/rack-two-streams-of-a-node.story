# The stream that opened last need not be the one that the node listens to: the other went on getting heartbeats while the rack
# took the node for silent, and its ends were never acknowledged. The older stream is ended. Found by seed 4878.
core rack

@ 0
master 1 generation=1.1 nodes=1
node 1 1 cpus=8
> welcome 1 node 1 under 1.1
> state 1 nodes 1:up

@ 10
node 2 1 cpus=8
> refuse 1 node 1: the node has opened a newer session
> welcome 2 node 1 under 1.1
> report 1 nodes 1:up

@ 20
report 1 1 ends=1.1
beat 1 1
