import { globSync } from 'node:fs';

type Room = {
	/** What is mutated. */
	mutate: string;
	/** The tests that must find it: those of the mirror below `test/`, and few more, since some mutants need all of them. */
	tests: readonly string[];
};

/** What runs on real tables, or with thousands of rows: a mutant would wait for it, a thousand times over. */
const tooSlow = [
	'test/usecases/{invariants-under-concurrency,crash,storm,many-at-once}.test.ts',
	'test/adapters/store-contract.test.ts',
];

const ofDomain = (room: string, ...more: string[]): Room => ({
	mutate: `functions/domain/${room}/**/*.ts`,
	tests: [`test/domain/${room}/*.test.ts`, ...more],
});
const http = 'test/http/*.test.ts';

export const rooms: Readonly<Record<string, Room>> = {
	/** What daemons, packets, counters and clients make of it is tested where that is done. */
	model: ofDomain(
		'model',
		'test/http/openapi.test.ts',
		'test/domain/router/render-bundle.test.ts',
		'test/domain/rules/crypto.test.ts',
		'test/domain/monitoring/usage.test.ts',
		'test/domain/monitoring/route-plan.test.ts',
		'test/domain/alerts/owed-alert.test.ts',
		'test/http/key-strength.test.ts',
		'test/usecases/routes.test.ts',
	),
	rules: ofDomain('rules'),
	monitoring: ofDomain('monitoring', 'test/usecases/{routes,hostile-routers}.test.ts'),
	alerts: ofDomain('alerts'),
	router: ofDomain('router', 'test/router/bundle-grammar.test.ts'),
	peers: ofDomain('peers'),
	diagnosis: ofDomain('diagnosis'),
	'router-check': ofDomain('router-check', 'test/usecases/check-router.test.ts'),
	usecases: { mutate: 'functions/usecases/**/*.ts', tests: ['test/usecases/*.test.ts', http] },
	http: { mutate: 'functions/http/**/*.ts', tests: [http] },
	adapters: { mutate: 'functions/adapters/**/*.ts', tests: ['test/adapters/*.test.ts'] },
};

export const testsOf = ({ tests }: Room): string[] => globSync([...tests], { exclude: tooSlow }).sort();
