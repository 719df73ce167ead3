const masked = '***';

/**
 * A text that no log, message or answer can leak by accident: printing it gives `***`. Only `reveal` returns it, which is called
 * to store it in Parameter Store and to render it for the caller who sent it.
 */
export class Secret {
	readonly #text: string;
	constructor(text: string) {
		this.#text = text;
	}
	reveal(): string {
		return this.#text;
	}
	equals(other: Secret): boolean {
		return this.#text === other.#text;
	}
	/** What is true of its text, without the text itself. */
	is(what: (text: string) => boolean): boolean {
		return what(this.#text);
	}
	toString(): string {
		return masked;
	}
	toJSON(): string {
		return masked;
	}
	/** For `console` and `util.inspect` of Node. */
	[Symbol.for('nodejs.util.inspect.custom')](): string {
		return masked;
	}
}
