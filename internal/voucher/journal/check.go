package journal

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"qiao/internal/platform/money"
	"qiao/internal/platform/verify"
)

// longest is the longest line that is read: a transfer of very many postings.
const longest = 1 << 20

// most bounds amounts and balances, so that sums of files that are not ours cannot run over.
const most = money.Fen(1) << 53

// errUnreadable is a file that is no ledger, or one that was cut off.
var errUnreadable = errors.New("this is no whole ledger file")

// Check reads a ledger and derives everything anew: each transfer sums to zero over two accounts or more and has a key of its
// own, each balance equals its postings and stands above its floor, all balances sum to zero, and the last line counts and
// hashes what stands before it. An error is a file that cannot be read; findings are what is wrong in one that can.
func Check(r io.Reader) ([]verify.Finding, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(make([]byte, 0, 1<<16), longest)
	c := checker{accounts: map[string]Account{}, sums: map[string]money.Fen{}, keys: map[string]bool{}}
	whole := sha256.New()
	for lines.Scan() {
		if c.ended {
			return nil, fmt.Errorf("%w: something follows the last line", errUnreadable)
		}
		if err := c.line(lines.Bytes(), hex.EncodeToString(whole.Sum(nil))); err != nil {
			return nil, err
		}
		whole.Write(lines.Bytes())
		whole.Write([]byte{'\n'})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	if !c.ended {
		return nil, fmt.Errorf("%w: the last line is missing", errUnreadable)
	}
	c.balances()
	return c.found, nil
}

// checker is what was read so far.
type checker struct {
	begun, ended  bool
	accounts      map[string]Account
	sums          map[string]money.Fen
	keys          map[string]bool
	counted, seen int64
	found         []verify.Finding
}

func (c *checker) say(code, object, text string, args ...any) {
	c.found = append(c.found, verify.Finding{Code: code, Object: object, Text: fmt.Sprintf(text, args...)})
}

// line reads one line; before is the hash of all before it.
func (c *checker) line(b []byte, before string) error {
	var kind struct {
		Ledger   *int    `json:"ledger"`
		Account  *string `json:"account"`
		Transfer *string `json:"transfer"`
		End      bool    `json:"end"`
	}
	if err := json.Unmarshal(b, &kind); err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	var err error
	switch {
	case !c.begun:
		if kind.Ledger == nil || *kind.Ledger != 1 {
			return fmt.Errorf("%w: the first line does not say so", errUnreadable)
		}
		c.begun = true
	case kind.Account != nil:
		var a Account
		if err = json.Unmarshal(b, &a); err == nil {
			c.account(a)
		}
	case kind.Transfer != nil:
		var t Transfer
		if err = json.Unmarshal(b, &t); err == nil {
			c.transfer(t)
		}
	case kind.End:
		var t tail
		if err = json.Unmarshal(b, &t); err == nil {
			c.end(t, before)
		}
	default:
		return fmt.Errorf("%w: a line of no known kind", errUnreadable)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

func (c *checker) account(a Account) {
	c.counted++
	if _, twice := c.accounts[a.Path]; twice {
		c.say("journal.account-twice", a.Path, "listed twice")
	}
	c.accounts[a.Path] = a
	if a.Floor != nil && a.Balance < *a.Floor {
		c.say("journal.account-floor", a.Path, "balance %d, floor %d", a.Balance, *a.Floor)
	}
}

func (c *checker) transfer(t Transfer) {
	c.seen++
	if c.keys[t.Key] {
		c.say("journal.key-twice", t.ID, "the key %s had an effect before", t.Key)
	}
	c.keys[t.Key] = true
	var sum money.Fen
	for _, p := range t.Postings {
		if p.Amount > most || p.Amount < -most {
			c.say("journal.amount", t.ID, "%d on %s is out of range", p.Amount, p.Account)
			continue
		}
		sum += p.Amount
		c.sums[p.Account] += p.Amount
	}
	if sum != 0 || len(t.Postings) < 2 {
		c.say("journal.transfer-sum", t.ID, "postings %d, sum %d", len(t.Postings), sum)
	}
}

func (c *checker) end(t tail, before string) {
	c.ended = true
	if t.Accounts != c.counted || t.Transfers != c.seen {
		c.say("journal.count", "", "%d accounts and %d transfers, the last line counts %d and %d", c.counted, c.seen, t.Accounts, t.Transfers)
	}
	if t.SHA256 != before {
		c.say("journal.sha256", "", "the bytes give %s, the last line %s", before, t.SHA256)
	}
}

// balances compares every balance with its postings.
func (c *checker) balances() {
	var all money.Fen
	for _, path := range slices.Sorted(maps.Keys(c.accounts)) {
		a := c.accounts[path]
		if a.Balance != c.sums[path] {
			c.say("journal.balance", path, "balance %d, postings %d", a.Balance, c.sums[path])
		}
		all += a.Balance
		delete(c.sums, path)
	}
	for _, path := range slices.Sorted(maps.Keys(c.sums)) {
		c.say("journal.account-missing", path, "posted to, but not listed")
	}
	if all != 0 {
		c.say("journal.sum", "", "all balances sum to %d", all)
	}
}
