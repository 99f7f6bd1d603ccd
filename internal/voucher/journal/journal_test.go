package journal

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiao/internal/platform/money"
)

// written is a ledger as a file.
func written(t interface{ Fatal(...any) }, accounts []Account, transfers []Transfer) []byte {
	var b bytes.Buffer
	y, err := NewWriter(&b, "2026-11-27T10:00:00.000Z")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		if err := y.Account(a); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range transfers {
		if err := y.Transfer(x); err != nil {
			t.Fatal(err)
		}
	}
	if err := y.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zero() *money.Fen { return new(money.Fen) }

// sound is a small ledger in which everything is right.
func sound() ([]Account, []Transfer) {
	return []Account{{"funder/f/p", -500, nil}, {"programme/p/unissued/00", 380, zero()}, {"grant/g/available", 120, zero()}}, []Transfer{
		{ID: "t1", Key: "k1", Kind: "appropriate", Postings: []Posting{{"funder/f/p", -500}, {"programme/p/unissued/00", 500}}},
		{ID: "t2", Key: "k2", Kind: "grant", Postings: []Posting{{"programme/p/unissued/00", -120}, {"grant/g/available", 120}}},
	}
}

// Whatever is changed in a ledger is found, by our own check and by the script in another language.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(a []Account, x []Transfer)
		code  string
	}{
		"nothing":           {func([]Account, []Transfer) {}, ""},
		"a balance":         {func(a []Account, _ []Transfer) { a[2].Balance = 121 }, "journal.balance"},
		"a posting":         {func(_ []Account, x []Transfer) { x[1].Postings[1].Amount = 119 }, "journal.transfer-sum"},
		"a single posting":  {func(_ []Account, x []Transfer) { x[1].Postings = []Posting{{"grant/g/available", 0}} }, "journal.transfer-sum"},
		"a key used twice":  {func(_ []Account, x []Transfer) { x[1].Key = "k1" }, "journal.key-twice"},
		"an account hidden": {func(a []Account, _ []Transfer) { a[2].Path = "grant/h/available" }, "journal.account-missing"},
		"below its floor":   {func(a []Account, _ []Transfer) { *a[2].Floor = 200 }, "journal.account-floor"},
	} {
		t.Run(name, func(t *testing.T) {
			accounts, transfers := sound()
			c.spoil(accounts, transfers)
			file := written(t, accounts, transfers)
			found, err := Check(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			var codes []string
			for _, f := range found {
				codes = append(codes, f.Code)
			}
			if c.code == "" && len(found) > 0 || c.code != "" && !strings.Contains(strings.Join(codes, " "), c.code) {
				t.Errorf("found %v, want %s", codes, c.code)
			}
			if out, ok := script(t, file); ok != (c.code == "") {
				t.Errorf("the script says %v: %s", ok, out)
			}
		})
	}
}

// script runs docs/check-ledger.mjs on a file.
func script(t *testing.T, file []byte) (string, bool) {
	t.Helper()
	at := filepath.Join(t.TempDir(), "ledger.jsonl.gz")
	if err := os.WriteFile(at, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "node", "../../../docs/check-ledger.mjs", at).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out), err == nil
}

// A byte changed anywhere, or a line cut off, is seen.
func TestCheckSeesTampering(t *testing.T) {
	accounts, transfers := sound()
	zip, err := gzip.NewReader(bytes.NewReader(written(t, accounts, transfers)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	for _, changed := range []string{
		strings.Replace(string(text), "2026", "2025", 1), strings.Replace(string(text), `"kind":"grant"`, `"kind":"expire"`, 1),
		string(text[:len(text)-30]), string(text[:strings.LastIndex(strings.TrimSpace(string(text)), "\n")+1]), string(text) + "{}\n", "",
	} {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(changed)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		found, err := Check(&b)
		if err == nil && len(found) == 0 {
			t.Errorf("not seen: %q", changed)
		}
	}
}

// Any history of transfers checks out, and one of its amounts changed does not.
func TestCheckOfRandomHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		paths := []string{"funder/f/p", "a", "b", "c"}
		balances := map[string]money.Fen{}
		var transfers []Transfer
		for i := range rapid.IntRange(1, 12).Draw(t, "transfers") {
			from := rapid.IntRange(0, 3).Draw(t, "from")
			to := (from + rapid.IntRange(1, 3).Draw(t, "step")) % 4
			amount := money.Fen(rapid.Int64Range(1, 1_000_000).Draw(t, "amount"))
			if from > 0 && balances[paths[from]] < amount {
				from, to = 0, max(to, 1)
			}
			balances[paths[from]] -= amount
			balances[paths[to]] += amount
			transfers = append(transfers, Transfer{ID: string(rune('A' + i)), Key: string(rune('A' + i)), Postings: []Posting{{paths[from], -amount}, {paths[to], amount}}})
		}
		var accounts []Account
		for i, p := range paths {
			a := Account{Path: p, Balance: balances[p]}
			if i > 0 {
				a.Floor = zero()
			}
			accounts = append(accounts, a)
		}
		if found, err := Check(bytes.NewReader(written(t, accounts, transfers))); err != nil || len(found) > 0 {
			t.Fatalf("a sound ledger: %v %v", found, err)
		}
		i := rapid.IntRange(0, len(transfers)-1).Draw(t, "spoilt")
		transfers[i].Postings[0].Amount++
		if found, err := Check(bytes.NewReader(written(t, accounts, transfers))); err != nil || len(found) == 0 {
			t.Fatalf("a spoilt ledger: %v %v", found, err)
		}
	})
}

// Whatever a file holds, the check ends with findings or an error.
func FuzzCheck(f *testing.F) {
	accounts, transfers := sound()
	zip, err := gzip.NewReader(bytes.NewReader(written(f, accounts, transfers)))
	if err != nil {
		f.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"ledger":1}` + "\n" + `{"transfer":"x","postings":[["a",9e99]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		_, _ = Check(&b)
	})
}
