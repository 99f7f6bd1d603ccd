// Checks a voucher ledger that `qiao export ledger` wrote, without knowing anything of the program: node check-ledger.mjs FILE
// The format is described in internal/voucher/journal/journal.go. Prints what it finds; exit 0 when all is well, 1 when not.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

const accounts = new Map(); // path → { balance, floor }
const sums = new Map(); // path → what was posted to it
const keys = new Set(); // of transfers: the same key has one effect
const kinds = new Map(); // of transfers → how many
const whole = createHash("sha256");
const found = [];
let transfers = 0, end;

for await (const line of createInterface({ input: createReadStream(process.argv[2]).pipe(createGunzip()), crlfDelay: Infinity })) {
  const x = JSON.parse(line);
  if (end) found.push("something follows the last line");
  if (x.end) {
    end = x;
    continue;
  }
  whole.update(line + "\n");
  if (x.account !== undefined) {
    if (accounts.has(x.account)) found.push(`${x.account} is listed twice`);
    accounts.set(x.account, x);
    if (x.floor !== null && x.balance < x.floor) found.push(`${x.account} stands at ${x.balance}, below ${x.floor}`);
  } else if (x.transfer !== undefined) {
    transfers++;
    kinds.set(x.kind, (kinds.get(x.kind) ?? 0) + 1);
    if (keys.has(x.key)) found.push(`${x.transfer}: the key ${x.key} had an effect before`);
    keys.add(x.key);
    for (const [path, amount] of x.postings) sums.set(path, (sums.get(path) ?? 0) + amount);
    const sum = x.postings.reduce((all, [, amount]) => all + amount, 0);
    if (sum !== 0 || x.postings.length < 2) found.push(`${x.transfer} has ${x.postings.length} postings that sum to ${sum}`);
  }
}
for (const [path, { balance }] of accounts)
  if (balance !== (sums.get(path) ?? 0)) found.push(`${path} stands at ${balance}, its postings sum to ${sums.get(path) ?? 0}`);
for (const path of sums.keys()) if (!accounts.has(path)) found.push(`${path} is posted to, but not listed`);
if (!end) found.push("the last line is missing");
else if (end.sha256 !== whole.digest("hex")) found.push("the bytes are not those that were written");
else if (end.accounts !== accounts.size || end.transfers !== transfers) found.push("the last line counts otherwise");
console.log(`${accounts.size} accounts, ${transfers} transfers`, Object.fromEntries(kinds));
for (const line of found) console.log("✗", line);
process.exit(found.length ? 1 : 0);
