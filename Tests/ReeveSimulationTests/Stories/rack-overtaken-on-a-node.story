# What a statement lacks was taken for not arrived, also where another rack scheduler had been over the node in between and had
# acknowledged its end: the attempt then ran twice. The node's highest generation tells. Found by seed 5740.
core rack

@ 0
master 1 generation=1.1 nodes=1
node 1 1 cpus=8
orders 1 launch=1.1
> welcome 1 node 1 under 1.1
> order 1 node 1 launch 1.1
> state 1 waiting 1.1 nodes 1:up

@ 10
node 2 1 cpus=8 obeyed=1.2
> refuse 1 node 1: the node has opened a newer session
> welcome 2 node 1 under 1.1
> report 1 lost 1.1 nodes 1:up

@ 20
# Without another in between it is sent again.
orders 1 launch=1.2
> order 2 node 1 launch 1.2
> report 1

@ 30
node 3 1 cpus=8 obeyed=1.1
> refuse 2 node 1: the node has opened a newer session
> welcome 3 node 1 under 1.1
> order 3 node 1 launch 1.2
> report 1 nodes 1:up
