# A node that came back as another incarnation was sent the launches again that it had not confirmed. They may have run, and
# ended: one attempt ran twice. Found by seed 155.
core rack

@ 0
master 1 generation=1.1 nodes=1
node 1 1 cpus=8
orders 1 launch=1.1
> welcome 1 node 1 under 1.1
> order 1 node 1 launch 1.1
> state 1 waiting 1.1 nodes 1:up

@ 10
node 2 1 cpus=8 incarnation=2
> refuse 1 node 1: the node has opened a newer session
> welcome 2 node 1 under 1.1
> report 1 lost 1.1 nodes 1:up
