/** An error as Systems Manager answers it. */
export class SsmError extends Error {
	readonly type: string;
	constructor(type: string, message = type) {
		super(message);
		this.type = type;
	}
}
