import { type Document, documentOf } from '../ssm/document.ts';
import type { Resolve, Stack } from '../stack.ts';

/** The app's documents of Systems Manager, by name. */
export const documentsOf = (stack: Stack, resolve: Resolve): Map<string, Document> =>
	new Map(
		stack.ofType('AWS::SSM::Document').map((resource) => {
			const { Name, Content } = resolve(resource) as { Name: string; Content: unknown };
			return [Name, documentOf(Name, Content)];
		}),
	);
