import { describe, expect, it } from 'vitest';
import type { Ports } from '../../functions/ports.ts';
import { createVpc } from '../../functions/usecases/vpcs/create-vpc.ts';
import { deleteVpc } from '../../functions/usecases/vpcs/delete-vpc.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { admin } from '../support/tenant.ts';

const vpcId = (n: number) => `vpc-${String(n).padStart(8, '0')}`;
const register = (ports: Ports, n: number, accountId = 'acme') =>
	createVpc(ports, {
		id: vpcId(n),
		accountId,
		cidr: '10.1.0.0/16',
		routerInstanceId: `i-${String(n).padStart(17, '0')}`,
		publicIps: [{ ip: '192.0.2.1', sourceNat: true }],
	});
const full = { kind: 'too-many-vpcs', message: expect.stringMatching(/has 100 VPCs, which is the limit; delete one/) };

describe('the VPCs of an account', () => {
	it('are a hundred at most, and one that is deleted makes room for another', async () => {
		const { ports } = memoryPorts();
		for (let n = 0; n < 100; n++) await register(ports, n);

		await expect(register(ports, 100)).rejects.toMatchObject(full);
		await deleteVpc(ports, { caller: admin, id: vpcId(7) });
		await register(ports, 100);
		await expect(register(ports, 101)).rejects.toMatchObject(full);
	});

	it('are counted for each account by itself, and none that is refused is counted', async () => {
		const { ports, seen } = memoryPorts();
		seen.kept.counts.set('vpcs count#acme', 100);

		await register(ports, 1, 'other');
		await expect(register(ports, 1, 'other')).rejects.toMatchObject({ kind: 'already-exists' });
		await expect(register(ports, 2)).rejects.toMatchObject(full);
		expect(seen.kept.counts.get('vpcs count#other')).toBe(1);
		expect(seen.kept.counts.get('vpcs count#acme')).toBe(100);
	});
});
