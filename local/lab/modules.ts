/** What the guest loads, in order: a crypto test must find the hash it wants (drbg wants jitterentropy, which wants sha3). */
export const guestModules = [
	'virtio_pci virtio_blk virtio_net squashfs overlay',
	'esp4 xfrm_user af_key xfrm4_tunnel tunnel4',
	'authenc authencesn echainiv seqiv cbc ctr gcm ccm des_generic md5 hmac cmac xcbc sha512_generic sha3_generic jitterentropy_rng drbg',
	'veth bridge sch_netem af_packet',
	'nf_tables nft_compat nft_chain_nat nft_masq nft_nat nft_ct nft_limit nft_log nft_reject_ipv4',
	'iptable_nat iptable_filter iptable_mangle iptable_raw ip_tables',
	'xt_policy xt_mark xt_MASQUERADE xt_CT xt_TCPMSS xt_tcpudp xt_multiport xt_comment xt_conntrack xt_statistic xt_esp xt_nat xt_state xt_LOG xt_addrtype xt_limit',
	'nf_conntrack nf_conntrack_netlink udp_tunnel udp_diag tcp_diag inet_diag',
].flatMap((line) => line.split(' '));

/** Files to insert, each after what it depends on. `dep` is the text of modules.dep; built-in ones are passed over. */
export const insertionOrder = (dep: string, wanted: readonly string[] = guestModules): string[] => {
	const lines = dep.split('\n').map((line) => line.split(':'));
	const files = wanted.flatMap((name) => {
		const [file, dependencies = ''] = lines.find(([path = '']) => path.endsWith(`/${name}.ko`)) ?? [];
		return file === undefined ? [] : [...dependencies.trim().split(' ').filter(Boolean).reverse(), file];
	});
	return [...new Set(files)];
};
