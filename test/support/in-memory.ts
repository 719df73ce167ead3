import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { Server, Socket } from 'node:net';

const refuse = (what: string) => (): never => {
	throw new Error(`a test of the unit suite ${what}: it belongs to another suite (vitest.config.ts)`);
};

const starts = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'];
Object.assign(childProcess, Object.fromEntries(starts.map((name) => [name, refuse('starts a process')])));
syncBuiltinESMExports();
Server.prototype.listen = refuse('listens on a socket');
Socket.prototype.connect = refuse('opens a socket');
