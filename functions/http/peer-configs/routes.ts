import * as z from 'zod';
import { Psk } from '../../domain/model/customer-gateway.ts';
import { ConnectionId } from '../../domain/model/ids.ts';
import { Device, DeviceOfText, KeyedDevice } from '../../domain/peers/contract/peer-device.ts';
import { mostBytesOfBody } from '../chain/parsed-input.ts';
import type { Route } from '../chain/route.ts';
import { PeerCheckView, PeerConfigView } from './views.ts';

/** Of the configuration of a device. */
const mostCharacters = 200_000;
/** Bytes of a character that JSON escapes, such as `\u00fc`. */
const escaped = 6;
const connectionId = z.object({ id: ConnectionId });
const connections = { handler: 'api-connections', who: 'owner' } as const;

export const peerConfigRoutes = [
	{
		id: 'getPeerConfig',
		method: 'GET',
		path: '/v1/vpn-connections/{id}/peer-config',
		...connections,
		summary: 'Renders the configuration of the peer device, with a placeholder for the pre-shared key',
		status: 200,
		touches: { tables: { connections: ['GetItem'], vpcs: ['GetItem'], customerGateways: ['GetItem'], vpnGateways: ['GetItem'] } },
		params: connectionId,
		query: z.strictObject({ device: Device }),
		reply: PeerConfigView,
	},
	{
		id: 'renderPeerConfig',
		method: 'POST',
		path: '/v1/vpn-connections/{id}/peer-config',
		...connections,
		summary:
			'Renders the configuration of the peer device with its own names, and with the pre-shared key if given; stores nothing',
		status: 200,
		touches: { tables: { connections: ['GetItem'], vpcs: ['GetItem'], customerGateways: ['GetItem'], vpnGateways: ['GetItem'] } },
		params: connectionId,
		body: KeyedDevice,
		reply: PeerConfigView,
		keepsNothing: true,
	},
	{
		id: 'checkPeerConfig',
		method: 'POST',
		path: '/v1/vpn-connections/{id}/peer-check',
		...connections,
		summary:
			'Finds the lines of a JunOS or IOS configuration that do not match the connection, how to fix them, and what was not compared; with psk, compares the key too. Stores nothing',
		status: 200,
		touches: {
			tables: {
				connections: ['GetItem'],
				vpcs: ['GetItem'],
				customerGateways: ['GetItem'],
				vpnGateways: ['GetItem'],
				control: ['UpdateItem'],
			},
		},
		params: connectionId,
		body: z.strictObject({ device: DeviceOfText, text: z.string().min(1).max(mostCharacters), psk: Psk.optional() }),
		mostBytes: mostCharacters * escaped + mostBytesOfBody,
		reply: PeerCheckView,
		keepsNothing: true,
	},
] as const satisfies readonly Route[];
