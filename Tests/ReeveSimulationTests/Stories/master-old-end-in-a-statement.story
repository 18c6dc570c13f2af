# The end of an older attempt in a rack's statement hid that the newest had not arrived: its task stayed assigned for ever.
# Found by seed 134.
core master

@ 0
lead 1
rack 1 r0 7
locate 1 n1 r0
submit 2 job tasks=1
> record term 1
> record rack 1 granted under 1.1
> assign 1 generation 1.1
> record nodePlaced
> located 1 node 1
> record job job of 1
> submitted 2 job known false

@ 10
stated 1 cpus=8
> record assigned to 1 from 1.1 tasks 1
> order 1 launch 1.1

@ 20
reported 1 cpus=8

@ 30
reported 1 returned=1.1:1 cpus=8
> record returned 1.1
> record assigned to 1 from 1.2 tasks 1
> order 1 launch 1.2

@ 40
# The launch of 1.2 was on its way when the stream broke.
gone 1

@ 50
rack 2 r0 7
> assign 2 generation 1.1 nodes 1

@ 60
stated 2 ends=1.1:1 cpus=8
> record returned 1.2
> record assigned to 1 from 1.3 tasks 1
> order 2 launch 1.3 ack 1.1
