# A rack scheduler that began while it did not reach the master heard of a node, which then left it for another. With its
# first assignment it stated itself without what the node runs. Found by seed 533.
core rack

@ 0
node 1 1 cpus=8

@ 500
node-gone 1 1

@ 1500
master 1 generation=1.3 nodes=1

@ 1600
node 2 1 cpus=8 running=1.7 obeyed=1.2
> welcome 2 node 1 under 1.3
> state 1 started 1.7 nodes 1:up
