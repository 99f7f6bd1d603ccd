// Package journal is the ledger as a file that an auditor can take along: one JSON object a line, packed with gzip.
//
// The first line says what it is, then come the accounts with their balances, then every transfer with its postings, and the
// last line counts both and gives the SHA-256 of all the bytes before it:
//
//	{"ledger":1,"made_at":"2026-11-27T10:00:00.000Z"}
//	{"account":"grant/…/available","balance":12000,"floor":0}
//	{"transfer":"0197…","key":"…","kind":"grant","programme":"…","cause":"…","firm":"…","day":"2026-11-27","at":"…","postings":[["programme/…/unissued/03",-12000],["grant/…/available",12000]]}
//	{"end":true,"accounts":1,"transfers":1,"sha256":"…"}
//
// Amounts are whole fen. A floor of null is an account that may go below zero: a funder's. [Check] derives every balance anew
// from the postings; docs/check-ledger.mjs does the same in another language, and knows nothing of this program.
package journal

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"qiao/internal/platform/money"
)

// Account is one account with its balance; a nil floor may be negative.
type Account struct {
	Path    string     `json:"account"`
	Balance money.Fen  `json:"balance"`
	Floor   *money.Fen `json:"floor"`
}

// Posting is one leg of a transfer: an account's path and what comes in, or goes out below zero.
type Posting struct {
	Account string
	Amount  money.Fen
}

// MarshalJSON writes the pair.
func (p Posting) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]any{p.Account, int64(p.Amount)})
}

// UnmarshalJSON reads it.
func (p *Posting) UnmarshalJSON(b []byte) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(b, &pair); err != nil {
		return fmt.Errorf("read a posting: %w", err)
	}
	if len(pair) != 2 {
		return fmt.Errorf("a posting has %d parts, not 2", len(pair))
	}
	if err := json.Unmarshal(pair[0], &p.Account); err != nil {
		return fmt.Errorf("read the account of a posting: %w", err)
	}
	if err := json.Unmarshal(pair[1], &p.Amount); err != nil {
		return fmt.Errorf("read the amount of a posting: %w", err)
	}
	return nil
}

// Transfer is one transfer with its postings.
type Transfer struct {
	ID        string    `json:"transfer"`
	Key       string    `json:"key"`
	Kind      string    `json:"kind"`
	Programme string    `json:"programme"`
	Cause     string    `json:"cause"`
	Firm      string    `json:"firm"`
	Day       string    `json:"day"`
	At        string    `json:"at"`
	Postings  []Posting `json:"postings"`
}

// head and tail are the first and the last line.
type head struct {
	Ledger int    `json:"ledger"` // version of the format
	MadeAt string `json:"made_at"`
}

type tail struct {
	End       bool   `json:"end"`
	Accounts  int64  `json:"accounts"`
	Transfers int64  `json:"transfers"`
	SHA256    string `json:"sha256"`
}

// Writer writes a ledger, line by line: accounts, then transfers, then Close.
type Writer struct {
	zip  *gzip.Writer
	out  *bufio.Writer
	hash hash.Hash
	tail tail
}

// NewWriter begins a file with the instant at which the ledger was read.
func NewWriter(w io.Writer, madeAt string) (*Writer, error) {
	y := &Writer{zip: gzip.NewWriter(w), hash: sha256.New(), tail: tail{End: true}}
	y.out = bufio.NewWriterSize(io.MultiWriter(y.zip, y.hash), 1<<16)
	return y, y.line(head{1, madeAt})
}

func (y *Writer) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write a line of the ledger: %w", err)
	}
	if _, err := y.out.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return nil
}

// Account writes one account.
func (y *Writer) Account(a Account) error {
	y.tail.Accounts++
	return y.line(a)
}

// Transfer writes one transfer.
func (y *Writer) Transfer(t Transfer) error {
	y.tail.Transfers++
	return y.line(t)
}

// Close writes the last line. It does not close what is written to.
func (y *Writer) Close() error {
	if err := y.out.Flush(); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	y.tail.SHA256 = hex.EncodeToString(y.hash.Sum(nil))
	if err := y.line(y.tail); err != nil {
		return err
	}
	if err := y.out.Flush(); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	if err := y.zip.Close(); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return nil
}
