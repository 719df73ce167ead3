import { keyText, type PeerView } from '../contract/peer-view.ts';

export type ToBase64 = (text: string) => string;

/** The key as all the daemons read it: in base64 where it is known, so that every character of it is safe. */
export const keyWord = (view: PeerView, toBase64: ToBase64): string =>
	view.psk === undefined ? `"${keyText(view)}"` : `0s${toBase64(keyText(view))}`;

export const firewall = ({ localSubnets, remoteSubnet, mss }: PeerView, flag: '-I' | '-D'): string[] =>
	localSubnets.flatMap((cidr) => [
		// What is translated never meets the tunnel's policy.
		`iptables -t nat ${flag} POSTROUTING -s ${cidr} -d ${remoteSubnet} -j ACCEPT`,
		`iptables -t mangle ${flag} FORWARD -s ${cidr} -d ${remoteSubnet} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${mss}`,
		`iptables -t mangle ${flag} FORWARD -s ${remoteSubnet} -d ${cidr} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${mss}`,
	]);

/** A script that stops at an error goes on after this: it may be run where there is nothing to do. */
export const evenIfNot = (command: string): string => `${command} || :`;

export const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
