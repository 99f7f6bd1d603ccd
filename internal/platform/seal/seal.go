// Package seal makes and checks detached signatures: Ed25519 over a statement that a person can read, with all that is needed
// to check it without this program in one file.
package seal

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Key is a secret that signs.
type Key struct{ private ed25519.PrivateKey }

// Signed is a statement with its signature.
type Signed struct {
	Statement string `db:"statement"` // what is signed, to the last character
	Signature string `db:"signature"` // base64
	Public    string `db:"public"`    // the public key, PEM
}

const block = "PRIVATE KEY"

// Open reads a key from a file; where there is none it makes one that only the file's owner may read.
func Open(path string) (Key, error) {
	k, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("write a key: %w", err)
	}
	if err := keep(path, pem.EncodeToMemory(&pem.Block{Type: block, Bytes: der})); err != nil {
		return Key{}, err
	}
	return read(path)
}

// keep writes a new file whole or not at all; of two at once the first stays.
func keep(path string, body []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "key-") // 0600
	if err != nil {
		return fmt.Errorf("keep a key: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.Write(body)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Link(f.Name(), path)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep a key: %w", err)
	}
	return nil
}

func read(path string) (Key, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("read a key: %w", err)
	}
	b, _ := pem.Decode(body)
	if b == nil || b.Type != block {
		return Key{}, fmt.Errorf("seal: %s is no key", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(b.Bytes)
	if err != nil {
		return Key{}, fmt.Errorf("read the key %s: %w", path, err)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("seal: %s is not an Ed25519 key", path)
	}
	return Key{private}, nil
}

// For is the key of one holder, derived: the same holder has the same key, and it says nothing of another's.
func (k Key) For(holder string) (Key, error) {
	seed, err := hkdf.Key(sha256.New, k.private.Seed(), nil, "qiao seal\n"+holder, ed25519.SeedSize)
	if err != nil {
		return Key{}, fmt.Errorf("derive a key: %w", err)
	}
	return Key{ed25519.NewKeyFromSeed(seed)}, nil
}

// Public is the public key, PEM.
func (k Key) Public() (string, error) {
	if len(k.private) == 0 {
		return "", errors.New("seal: there is no key")
	}
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return "", fmt.Errorf("write a public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// Sign signs a statement.
func (k Key) Sign(statement string) (Signed, error) {
	public, err := k.Public()
	if err != nil {
		return Signed{}, err
	}
	return Signed{statement, base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, []byte(statement))), public}, nil
}

// Valid tells whether the signature is of the statement, by the key that stands beside it. Whose that key is, the caller knows.
func (s Signed) Valid() bool {
	b, _ := pem.Decode([]byte(s.Public))
	if b == nil {
		return false
	}
	parsed, err := x509.ParsePKIXPublicKey(b.Bytes)
	key, ok := parsed.(ed25519.PublicKey)
	sum, bad := base64.StdEncoding.DecodeString(s.Signature)
	return err == nil && ok && bad == nil && ed25519.Verify(key, []byte(s.Statement), sum)
}

// Fingerprint is by what people compare public keys: the SHA-256 of the key, the first half.
func (s Signed) Fingerprint() string {
	b, _ := pem.Decode([]byte(s.Public))
	if b == nil {
		return ""
	}
	sum := sha256.Sum256(b.Bytes)
	return hex.EncodeToString(sum[:16])
}

// Command checks the files of Zip without this program.
const Command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in statement.txt -sigfile signature.bin"

// File is something that goes into the zip besides.
type File struct{ Name, Body string }

// Zip is the statement, its signature and the public key as files for Command.
func (s Signed) Zip(more ...File) ([]byte, error) {
	sum, err := base64.StdEncoding.DecodeString(s.Signature)
	if err != nil {
		return nil, fmt.Errorf("read the signature: %w", err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range append([]File{{"statement.txt", s.Statement}, {"signature.bin", string(sum)}, {"key.pem", s.Public}, {"check.txt", Command + "\n"}}, more...) {
		w, err := z.Create(f.Name)
		if err == nil {
			_, err = w.Write([]byte(f.Body))
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.Name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack a signature: %w", err)
	}
	return b.Bytes(), nil
}
