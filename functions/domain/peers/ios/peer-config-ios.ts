import { type DeviceConfig, type Inability, type IosNames, type Unable, unableBy } from '../contract/peer-device.ts';
import { keyRemark, keyText, type PeerView } from '../contract/peer-view.ts';
import { mainModeLimits, suiteLimits } from '../contract/suite-limits.ts';
import { withWildcard } from './ios-acl.ts';
import { ios124, iosEspEncryption, iosEspHash, iosIkeEncryption, iosIkeHash } from './ios-terms.ts';

/** Without an isakmp profile the device presents an address; with its name, it would to all its peers. */
const identityLimit = ({ localId }: PeerView): Inability[] =>
	localId.includes('@')
		? [
				{
					pointer: '/remoteId',
					detail: `it presents its address and not ${localId.replace(/^@/, '')}: make remoteId of the customer gateway the address that its outside interface has`,
				},
			]
		: [];

const keyLimit = (view: PeerView): Inability[] =>
	/[?\s]/.test(keyText(view))
		? [
				{
					pointer: '/psk',
					detail: 'its command line takes no key with a question mark or a space: give the customer gateway another psk',
				},
			]
		: [];

/** A crypto map entry. It adds to what the outside interface has, and never removes the map, which others may share. */
export const iosConfig = (view: PeerView, names: IosNames): DeviceConfig | Unable => {
	const unable = unableBy([
		...mainModeLimits(view, 'it is IKEv1 only'),
		...suiteLimits(view, ios124),
		...identityLimit(view),
		...keyLimit(view),
	]);
	if (unable !== undefined) return unable;
	const { ike, esp, dpd, localSubnets, remoteAddress, remoteSubnet, mss } = view;
	const { prefix, mapName, mapSequence, isakmpPolicy, natAccessList } = names;
	const { outsideInterface, insideInterface } = names;
	const list = `${prefix}-${mapSequence}`;
	const remote = withWildcard(remoteSubnet);
	const pairs = localSubnets.map((cidr) => `ip ${withWildcard(cidr)} ${remote}`);
	const config = [
		...keyRemark(view, '! '),
		`crypto isakmp policy ${isakmpPolicy}`,
		` encryption ${iosIkeEncryption[ike.encryption]}`,
		` hash ${iosIkeHash[ike.hash]}`,
		' authentication pre-share',
		` group ${ike.dhGroup}`,
		` lifetime ${ike.lifetimeSeconds}`,
		'exit',
		`crypto isakmp key ${keyText(view)} address ${remoteAddress}`,
		...(dpd.enabled ? [`crypto isakmp keepalive ${Math.min(3_600, Math.max(10, dpd.delaySeconds))} periodic`] : []),
		`crypto ipsec transform-set ${list} ${iosEspEncryption[esp.encryption]} ${iosEspHash[esp.hash]}`,
		' mode tunnel',
		'exit',
		`ip access-list extended ${list}`,
		...pairs.map((pair) => ` permit ${pair}`),
		'exit',
		// What the interface translates, the crypto map never sees: the pairs come first, whatever stands there.
		`ip access-list resequence ${natAccessList} 1000 10`,
		`ip access-list extended ${natAccessList}`,
		...pairs.map((pair, index) => ` ${mapSequence * 10 + index < 1000 ? mapSequence * 10 + index : index + 1} deny ${pair}`),
		'exit',
		`crypto map ${mapName} ${mapSequence} ipsec-isakmp`,
		` set peer ${remoteAddress}`,
		` set transform-set ${list}`,
		...(esp.pfsGroup === null ? [] : [` set pfs group${esp.pfsGroup}`]),
		` set security-association lifetime seconds ${esp.lifetimeSeconds}`,
		` match address ${list}`,
		'exit',
		`interface ${outsideInterface}`,
		` crypto map ${mapName}`,
		'exit',
		`interface ${insideInterface}`,
		` ip tcp adjust-mss ${mss}`,
		'exit',
	];
	const remove = [
		...keyRemark(view, '! '),
		`no crypto map ${mapName} ${mapSequence}`,
		`no crypto ipsec transform-set ${list}`,
		`no crypto isakmp key ${keyText(view)} address ${remoteAddress}`,
		`ip access-list extended ${natAccessList}`,
		...pairs.map((pair) => ` no deny ${pair}`),
		'exit',
		`no ip access-list extended ${list}`,
	];
	const verify = ['show crypto isakmp sa', 'show crypto ipsec sa', 'show crypto map'];
	return { config: `${config.join('\n')}\n`, verify: `${verify.join('\n')}\n`, remove: `${remove.join('\n')}\n` };
};
