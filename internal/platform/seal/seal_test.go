package seal

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func key(t *testing.T) (Key, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.key")
	k, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

// A key is made once and kept; holders have keys of their own.
func TestKeysAreKept(t *testing.T) {
	k, path := key(t)
	again, err := Open(path)
	if err != nil || !k.private.Equal(again.private) {
		t.Errorf("another key: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
	a, errA := k.For("a")
	same, errSame := again.For("a")
	b, errB := k.For("b")
	if errA != nil || errSame != nil || errB != nil || !a.private.Equal(same.private) || a.private.Equal(b.private) || a.private.Equal(k.private) {
		t.Error("keys of holders")
	}
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil {
		t.Error("a broken key was read, or replaced")
	}
}

// What was signed is valid; with anything changed it is not.
func TestSignaturesHold(t *testing.T) {
	k, _ := key(t)
	other, err := k.For("other")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "statement")
		s, err := k.Sign(text)
		if err != nil || !s.Valid() || len(s.Fingerprint()) != 32 {
			rt.Fatal(s, err)
		}
		forged := s
		switch rapid.IntRange(0, 3).Draw(rt, "change") {
		case 0:
			forged.Statement += "x"
		case 1:
			forged.Public, err = other.Public()
		case 2:
			forged.Signature = "A" + forged.Signature[1:]
			if forged.Signature == s.Signature {
				forged.Signature = "B" + s.Signature[1:]
			}
		case 3:
			forged.Public = "none"
		}
		if err != nil || forged.Valid() {
			rt.Fatal("a forgery is valid", err)
		}
	})
}

// The files are those that OpenSSL takes.
func TestOpenSSLChecksIt(t *testing.T) {
	k, _ := key(t)
	s, err := k.Sign("合同编号：HT1\n")
	if err != nil {
		t.Fatal(err)
	}
	body, err := s.Zip(File{"contract.txt", "合同"})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || len(z.File) != 5 {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatalf("the proof is checked by a program that is not ours, openssl, which make setup installs: %v", err)
	}
	c := exec.CommandContext(t.Context(), program, strings.Fields(Command)[1:]...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "Verified Successfully") {
		t.Errorf("%v: %s", err, out)
	}
}
