import * as z from 'zod';
import { Instant } from '../model/entity.ts';
import { KnownRouterId, VpcId } from '../model/ids.ts';
import type { Silence } from '../model/router-answer.ts';
import type { SeenSurroundings } from '../model/seen-instance.ts';
import { CheckCode, CheckFinding, findingOf, type Verdict } from './check-finding.ts';
import { ec2Rules, type Place } from './ec2-rules.ts';
import { type Asked, routerRules } from './router-rules.ts';
import type { RouterState } from './router-state.ts';

export const RouterCheck = z.object({
	vpcId: VpcId,
	routerInstanceId: KnownRouterId,
	checkedAt: Instant,
	/** Whether all of them are: then it takes a tunnel. */
	ok: z.boolean(),
	checks: z.array(CheckFinding),
});
export type RouterCheck = z.infer<typeof RouterCheck>;

type Silent = { silence: Pick<Silence, 'code' | 'detail'> };
type Refused = { refused: string };
export type Evidence = {
	now: Date;
	vpc: Place['vpc'];
	publicIp: string;
	asked: Asked;
	/** What the router read of itself. */
	router: RouterState | Silent;
	/** What EC2 shows; undefined of an instance that is none of EC2's (`mi-…`). */
	ec2: SeenSurroundings | Refused | undefined;
};

const mendSilence: Partial<Record<Silence['code'], string>> = {
	'not-managed':
		'See that the instance runs, is tagged s2s:router=true, has a role with the policy of the stack’s output RouterPolicyArn, and that its agent runs and reaches Systems Manager over HTTPS (“systemctl status amazon-ssm-agent”, and its log below /var/log/amazon/ssm).',
	'agent-too-old':
		'Update the agent to 3.3.2746.0 or later: “aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids …”, or its package.',
	throttled: 'Check again in a minute.',
};

const agentVerdict = (router: Evidence['router']): Verdict =>
	'silence' in router
		? {
				found: router.silence.detail,
				mend:
					mendSilence[router.silence.code] ??
					'Restart the agent on the instance (“systemctl restart amazon-ssm-agent”), see that the instance reaches Systems Manager over HTTPS, and check again.',
			}
		: { found: 'it takes our commands' };

const notAsked: Verdict = { found: 'not looked at: the router did not answer', mend: 'Mend agent first, and check again.' };

/** Every check of one router. One that could not be made is not ok, and says what to mend first. */
export const routerCheckOf = ({ now, vpc, publicIp, asked, router, ec2 }: Evidence): RouterCheck => {
	const verdictOf = (code: CheckCode): Verdict | undefined => {
		if (code === 'agent') return agentVerdict(router);
		if (code in routerRules) return 'silence' in router ? notAsked : routerRules[code as keyof typeof routerRules](router, asked);
		if (ec2 === undefined) return undefined;
		if ('refused' in ec2)
			return {
				found: `not looked at: ${ec2.refused}`,
				mend: 'Check again; if EC2 goes on refusing, let the role of the function read instances, security groups, network ACLs and route tables.',
			};
		return ec2Rules[code as keyof typeof ec2Rules]({ vpc, publicIp, seen: ec2 });
	};
	const checks = CheckCode.options.flatMap((code) => {
		const verdict = verdictOf(code);
		return verdict === undefined ? [] : [findingOf(code, verdict)];
	});
	return {
		vpcId: vpc.id,
		routerInstanceId: vpc.routerInstanceId,
		checkedAt: now.toISOString(),
		ok: checks.every(({ ok }) => ok),
		checks,
	};
};
