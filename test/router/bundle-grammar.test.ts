import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cidrRange, numberToAddress } from '../../functions/domain/model/cidr.ts';
import { connectionWords, connOptions, setupLines } from '../../functions/domain/router/bundle-grammar.ts';
import { renderBundle } from '../../functions/domain/router/render-bundle.ts';
import { bundleOf, toPeer, toPeer2 } from '../e2e/router-under-test.ts';
import { anyCidr, anyCustomerGateway } from '../support/arbitraries.ts';
import { awks } from '../support/awks.ts';
import { aConnection, aDesiredRouter, aRouter, aVpc, idOf } from '../support/builders.ts';
import { hostileBundles } from '../support/hostile-bundles.ts';
import { routerShell } from '../support/router-shell.ts';

const tunnels = [toPeer(2, ''), toPeer2('')];
const folder = join(import.meta.dirname, '../golden/bundles');
const goldens = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const lines = goldens.flatMap((text) => text.split('\n'));
const wordsOf = (line: string) => line.split(' ').slice(2);
/** The first address that may be a host's. */
const hostIn = (cidr = '') => {
	const { first, last } = cidrRange(cidr);
	return numberToAddress(last - first < 2 ? first : first + 1);
};
const nameOf = (word: string) => word.slice(0, word.indexOf('='));

describe('what a bundle may say', () => {
	it('is what the renderers write, no option, word or setup line more', () => {
		const written = {
			setup: lines.filter((line) => line.startsWith('setup ')).map((line) => line.slice('setup '.length)),
			words: lines.filter((line) => line.startsWith('connection ')).flatMap((line) => wordsOf(line).map(nameOf)),
			options: lines.filter((line) => line.startsWith('| \t')).map((line) => nameOf(line.slice(3))),
		};

		expect(new Set(written.setup)).toEqual(new Set(setupLines));
		expect(new Set(written.words)).toEqual(new Set(Object.keys(connectionWords)));
		expect(new Set(written.options)).toEqual(new Set(Object.keys(connOptions)));
	});

	it('needs of a conn what every renderer states', () => {
		const conns = goldens.flatMap((text) => text.split(/^\| conn /m).slice(1));
		const everywhere = Object.keys(connOptions).filter((name) => conns.every((conn) => conn.includes(`\n| \t${name}=`)));

		expect(Object.keys(connOptions).filter((name) => connOptions[name]?.needed)).toEqual(everywhere);
	});

	describe.each(awks)('is taken by a router with $name', ({ argv }) => {
		let router: ReturnType<typeof routerShell>;
		beforeAll(() => {
			router = routerShell(argv);
		});
		afterAll(() => router.remove());

		/** The faults of many bundles, in one shell. */
		const faultsOf = (texts: readonly string[], generation: number) => {
			for (const [n, text] of texts.entries()) router.write(`bundle-${n}`, text.replace(/\n$/, '').split('\n'));
			const { stdout, stderr } = router.run(
				`n=0; while [ $n -lt ${texts.length} ]; do faults_of_bundle "$S2S_ROOT/bundle-$n" ${generation} || echo "bundle $n"; n=$((n + 1)); done`,
			);
			return stdout + stderr;
		};

		it('in every golden bundle', () => {
			expect(faultsOf(goldens, 3)).toBe('');
		});

		it.each(hostileBundles)('but not with $what', ({ change, refusal }) => {
			const text = change(bundleOf(tunnels, { vpc: aVpc({ generation: 2, router: aRouter() }) }));

			expect(faultsOf([text], 2)).toMatch(refusal);
		});

		it('of any policy, any blocks and any daemon', () => {
			const versions = fc.constantFrom('openswan 2.6.38', 'openswan 3.0.0', 'libreswan 3.32', 'libreswan 4.10', 'libreswan 5.4');
			const usable = anyCidr.filter((cidr) => !/^(0|127|169\.254|2[2-5]\d)\./.test(cidr) && Number(cidr.split('/')[1]) >= 8);
			const one = fc.tuple(anyCustomerGateway, fc.uniqueArray(usable, { minLength: 1, maxLength: 10 }), versions, fc.boolean());
			const texts = fc.sample(one, { numRuns: 60, seed: 1 }).map(([customerGateway, remoteCidrs, daemon, passive]) => {
				const [flavor = '', version = ''] = daemon.split(' ');
				const router = aRouter({ flavor: flavor as 'openswan', version, capabilities: [] });
				const connection = aConnection({ id: idOf('vpnc', 9), passive, probe: { host: hostIn(remoteCidrs.at(-1)) } });
				return renderBundle(
					aDesiredRouter({
						vpc: aVpc({ router }),
						connections: [{ connection, customerGateway: { ...customerGateway, remoteCidrs } }],
					}),
				).text;
			});

			expect(texts.filter((text) => / probe=/.test(text)).length).toBeGreaterThan(30);
			expect(faultsOf(texts, 3)).toBe('');
		});
	});
});
