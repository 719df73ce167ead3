# What stays on the router between commands: the scripts, a timer for heal, a unit that guards packets before the daemon starts.

install_timer() {
	if [ -d /run/systemd/system ]; then
		units=$root/etc/systemd/system
		printf '[Unit]\nDescription=Guard of site-to-site tunnels\nDefaultDependencies=no\nAfter=local-fs.target\nBefore=network-pre.target ipsec.service\nWants=network-pre.target\n[Service]\nType=oneshot\nExecStart=%s/boot.sh\n[Install]\nWantedBy=multi-user.target\n' "$opt" >"$units/s2s-boot.service"
		printf '[Unit]\nDescription=Heals site-to-site tunnels\n[Service]\nType=oneshot\nExecStart=%s/heal.sh\n' "$opt" >"$units/s2s-heal.service"
		printf '[Unit]\nDescription=Heals site-to-site tunnels\n[Timer]\nOnBootSec=5\nOnUnitInactiveSec=15\nAccuracySec=1\n[Install]\nWantedBy=timers.target\n' >"$units/s2s-heal.timer"
		systemctl daemon-reload && systemctl enable --now s2s-boot.service s2s-heal.timer >/dev/null 2>&1
	elif [ -d "$root/etc/cron.d" ]; then
		printf '* * * * * root for n in 1 2 3 4; do %s/heal.sh; sleep 14; done >/dev/null 2>&1\n@reboot root %s/boot.sh\n' "$opt" "$opt" >"$root/etc/cron.d/s2s"
	fi
}

remove_timer() {
	if [ -d /run/systemd/system ]; then
		systemctl disable --now s2s-heal.timer s2s-boot.service >/dev/null 2>&1
		rm -f "$root"/etc/systemd/system/s2s-*
		systemctl daemon-reload
	fi
	rm -f "$root/etc/cron.d/s2s" "$opt/heal.sh" "$opt/boot.sh"
}
