#!/bin/sh
# The nodes: each a network namespace and a root of its own, all gateways on one wide area network.
#
#  host 10.1.0.10 -- 10.1.0.1 router 192.0.2.1 --+
#                                               wan 192.0.2.254
#  peer-host 10.2.0-9.10 -- 10.2.0-9.1 peer 192.0.2.2 --+
#  peer2-host 10.3.0.10 -- 10.3.0.1 peer2 192.0.2.3 ----+
#                          10.4.0-9.1 peer3 192.0.2.4 --+   Libreswan
set -e
node() {
	name=$1 tree=$2
	mkdir -p "/upper/$name" "/upper/$name.work" "/nodes/$name"
	mount -t overlay -o "lowerdir=/image/$tree,upperdir=/upper/$name,workdir=/upper/$name.work" overlay "/nodes/$name"
	mount -t proc proc "/nodes/$name/proc"
	mount -o bind /dev "/nodes/$name/dev"
	mount -t tmpfs run "/nodes/$name/run"
	mkdir -p "/nodes/$name/run/lock" "/nodes/$name/var/log" "/nodes/$name/tmp"
	# The packages' own scripts, which would make accounts, never ran.
	echo 'root:x:0:0:root:/root:/bin/sh' >"/nodes/$name/etc/passwd"
	echo 'root:x:0:' >"/nodes/$name/etc/group"
	ip netns add "$name"
	ip -n "$name" link set lo up
}
# A cable: node, interface and address at one end, the same at the other.
cable() {
	ip link add name "$2" netns "$1" type veth peer name "$5" netns "$4"
	[ "$3" = - ] || ip -n "$1" address add "$3" dev "$2"
	[ "$6" = - ] || ip -n "$4" address add "$6" dev "$5"
	ip -n "$1" link set "$2" up
	ip -n "$4" link set "$5" up
}
gateway() {
	cable "$1" wan "$2" wan "$1" -
	ip -n wan link set "$1" master bridge0
	# Without a default route the kernel never asks the IPsec policy.
	ip -n "$1" route add default via 192.0.2.254
	ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1
}

node router router
node peer3 router
for name in wan host peer peer-host peer2 peer2-host; do node "$name" peer; done
ip -n wan link add name bridge0 type bridge
ip -n wan address add 192.0.2.254/24 dev bridge0
ip -n wan link set bridge0 up
gateway router 192.0.2.1/24
gateway peer 192.0.2.2/24
gateway peer2 192.0.2.3/24
gateway peer3 192.0.2.4/24
for n in 0 1 2 3 4 5 6 7 8 9; do ip -n peer3 address add "10.4.$n.1/24" dev lo; done
cable router lan 10.1.0.1/16 host eth0 10.1.0.10/16
ip -n host route add default via 10.1.0.1
cable peer lan 10.2.0.1/24 peer-host eth0 10.2.0.10/24
for n in 1 2 3 4 5 6 7 8 9; do
	ip -n peer address add "10.2.$n.1/24" dev lan
	ip -n peer-host address add "10.2.$n.10/24" dev eth0
done
ip -n peer-host route add default via 10.2.0.1
cable peer2 lan 10.3.0.1/24 peer2-host eth0 10.3.0.10/24
ip -n peer2-host route add default via 10.3.0.1
