#!/bin/sh
# Goes on where the initramfs ends: the control address, the nodes, then the agent for ever.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
mount -t sysfs sys /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
date -s "@$(sed 's/.*now=\([0-9]*\).*/\1/' /proc/cmdline)" >/dev/null
ip link set lo up
ip link set eth0 up
ip address add 10.0.2.15/24 dev eth0
sh /lab/topology.sh || echo 'the topology could not be made'
setsid ip netns exec router chroot /nodes/router sh /lab/router-loop.sh </dev/null >/dev/null 2>&1 &
while :; do
	perl /lab/agent.pl || sleep 1
done
