#!/bin/busybox sh
# First process of the guest: loads the modules, mounts the image of the roots, and goes on in the control root.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module" || echo "no module $module"; done </modules/order
mount -t squashfs -o ro /dev/vda /image
mount -t tmpfs -o size=90% tmpfs /upper
mkdir -p /upper/control /upper/work
mount -t overlay -o lowerdir=/image/peer,upperdir=/upper/control,workdir=/upper/work overlay /root
mkdir -p /root/image /root/upper
mount --move /image /root/image
mount --move /upper /root/upper
mount --move /proc /root/proc
mount --move /dev /root/dev
exec switch_root /root /bin/sh /lab/guest.sh
