import type { Route } from './route.ts';

/** The methods that a path takes, whatever stands for its parameters. */
export const methodsAt = (routes: readonly Route[], path: string): string[] => {
	const parts = path.split('/');
	const leadsThere = (template: string): boolean => {
		const wanted = template.split('/');
		return (
			wanted.length === parts.length && wanted.every((part, n) => (part.startsWith('{') ? parts[n] !== '' : part === parts[n]))
		);
	};
	return routes.filter((route) => leadsThere(route.path)).map(({ method }) => method);
};
