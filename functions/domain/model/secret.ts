const masked = '***';

/**
 * A text that no log, message or answer gives away by accident: whatever prints it prints `***`. Only `reveal` tells it, which is
 * called where it leaves for Parameter Store and where its own sender has it rendered.
 */
export class Secret {
	readonly #text: string;
	constructor(text: string) {
		this.#text = text;
	}
	reveal(): string {
		return this.#text;
	}
	toString(): string {
		return masked;
	}
	toJSON(): string {
		return masked;
	}
	/** What Node's `util.inspect` and `console` ask for. */
	[Symbol.for('nodejs.util.inspect.custom')](): string {
		return masked;
	}
}
