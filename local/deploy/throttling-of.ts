import type { Throttling } from '../api/throttle.ts';
import type { Stack } from '../stack.ts';

/** How many requests the stage of the app's API takes. */
export const throttlingOf = (stack: Stack): Throttling => {
	const [stage, ...others] = stack.ofType('AWS::ApiGatewayV2::Stage');
	const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } =
		(stage?.properties['DefaultRouteSettings'] as Record<string, unknown> | undefined) ?? {};
	if (others.length > 0 || typeof rate !== 'number' || typeof burst !== 'number') {
		throw new Error('the app has no stage, or several, or one that takes any number of requests');
	}
	return { rate, burst };
};
