import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

type Component = { 'bom-ref': string; properties?: { name: string; value: string }[] };
type Bom = { components: Component[]; dependencies: { ref: string; dependsOn?: string[] }[] };

const isTool = ({ properties = [] }: Component): boolean =>
	properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');

/**
 * Prints what the functions are built from, as CycloneDX, out of the lock file. npm's own `--omit dev` leaves out whatever a tool needs
 * as well, such as half of the SDK: the tools are left out here, by what npm says of each package.
 */
const argv = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const whole = JSON.parse(
	execFileSync('npm', argv, { cwd: join(import.meta.dirname, '..'), encoding: 'utf8', maxBuffer: 64 * 1_024 * 1_024 }),
) as Bom;
const tools = new Set(whole.components.filter(isTool).map((one) => one['bom-ref']));
const used = (ref: string): boolean => !tools.has(ref);
const bom = {
	...whole,
	components: whole.components.filter((one) => !isTool(one)),
	dependencies: whole.dependencies
		.filter(({ ref }) => used(ref))
		.map((one) => ({ ...one, dependsOn: (one.dependsOn ?? []).filter(used) })),
};
console.log(JSON.stringify(bom, undefined, 2));
