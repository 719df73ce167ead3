import fc from 'fast-check';
import { canonicalCidr } from '../../functions/domain/model/cidr.ts';
import type { CustomerGateway } from '../../functions/domain/model/customer-gateway.ts';
import { ReasonCode } from '../../functions/domain/model/reasons.ts';
import type { ConnectionReport } from '../../functions/domain/model/report.ts';
import { aCustomerGateway, idOf } from './builders.ts';

/** Any character but a lone surrogate, ASCII as often as all the others. `unit: 'binary'` takes over a second to set up. */
const anyCharacter = fc
	.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0x80, max: 0x10ffff - 0x800 }))
	.map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));
export const anyText = (length: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
	fc.string({ unit: anyCharacter, ...length });

export const anyAddress = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => octets.join('.'));

export const anyCidr = fc
	.tuple(anyAddress, fc.integer({ min: 1, max: 32 }))
	.map(([ip, length]) => canonicalCidr(`${ip}/${length}`));

const anyEncryption = fc.constantFrom('aes128', 'aes192', 'aes256', '3des' as const);
const anyHash = fc.constantFrom('md5', 'sha1', 'sha256', 'sha384', 'sha512' as const);
const anyGroup = fc.constantFrom(2, 5, 14, 15, 16 as const);
const anyLifetime = fc.integer({ min: 180, max: 86_400 });

export const anyIke = fc.record({
	version: fc.constantFrom('ikev1', 'ikev2' as const),
	encryption: anyEncryption,
	hash: anyHash,
	dhGroup: anyGroup,
	lifetimeSeconds: anyLifetime,
});

export const anyEsp = fc.record({
	encryption: anyEncryption,
	hash: anyHash,
	pfsGroup: fc.option(anyGroup),
	lifetimeSeconds: anyLifetime,
});

export const anyCustomerGateway: fc.Arbitrary<CustomerGateway> = fc
	.record({
		ike: anyIke,
		esp: anyEsp,
		forceEncaps: fc.boolean(),
		name: anyText(),
		dpdEnabled: fc.boolean(),
	})
	.map(({ dpdEnabled, ...rest }) =>
		aCustomerGateway({ ...rest, dpd: { enabled: dpdEnabled, delaySeconds: 30, timeoutSeconds: 120 } }),
	);

export const anyReasons = fc.uniqueArray(fc.constantFrom(...ReasonCode.options), { maxLength: 3 });

export const anyLine: fc.Arbitrary<ConnectionReport> = fc.record({
	connectionId: fc.constant(idOf('vpnc', 1)),
	phase1: fc.boolean(),
	up: fc.tuple(fc.boolean(), fc.boolean()),
	bytesIn: fc.nat(),
	bytesOut: fc.nat(),
	reasons: anyReasons,
	probe: fc.option(fc.record({ lossPercent: fc.constantFrom(0, 33, 100) }), { nil: undefined }),
});
