/**
 * Policies of AWS that a role of ours may have beside our own.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html (version 2)
 */
export const managedPolicies = {
	AmazonSSMManagedInstanceCore: {
		Version: '2012-10-17',
		Statement: [
			{
				Effect: 'Allow',
				Action: [
					'ssm:DescribeAssociation',
					'ssm:GetDeployablePatchSnapshotForInstance',
					'ssm:GetDocument',
					'ssm:DescribeDocument',
					'ssm:GetManifest',
					'ssm:GetParameter',
					'ssm:GetParameters',
					'ssm:ListAssociations',
					'ssm:ListInstanceAssociations',
					'ssm:PutInventory',
					'ssm:PutComplianceItems',
					'ssm:PutConfigurePackageResult',
					'ssm:UpdateAssociationStatus',
					'ssm:UpdateInstanceAssociationStatus',
					'ssm:UpdateInstanceInformation',
				],
				Resource: '*',
			},
			{
				Effect: 'Allow',
				Action: [
					'ssmmessages:CreateControlChannel',
					'ssmmessages:CreateDataChannel',
					'ssmmessages:OpenControlChannel',
					'ssmmessages:OpenDataChannel',
				],
				Resource: '*',
			},
			{
				Effect: 'Allow',
				Action: [
					'ec2messages:AcknowledgeMessage',
					'ec2messages:DeleteMessage',
					'ec2messages:FailMessage',
					'ec2messages:GetEndpoint',
					'ec2messages:GetMessages',
					'ec2messages:SendReply',
				],
				Resource: '*',
			},
		],
	},
} as const;
