package voucher

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// keeper seals documents that a form has uploaded, so that a form shown again after a mistake can carry them without
// anybody being able to name a file that is not theirs. Its key lives as long as the process; a seal that is no longer
// known means that the file is chosen once more.
type keeper struct{ key [32]byte }

func newKeeper() keeper {
	var k keeper
	_, _ = rand.Read(k.key[:]) // never fails: see crypto/rand
	return k
}

// seal writes a document of an organisation as text for a hidden field.
func (k keeper) seal(org string, d Document) (string, error) {
	b, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding
	return enc.EncodeToString(b) + "." + enc.EncodeToString(k.mac(org, b)), nil
}

// open reads a seal of the same organisation; false when it is none.
func (k keeper) open(org, text string) (Document, bool) {
	body, mac, _ := strings.Cut(text, ".")
	enc := base64.RawURLEncoding
	b, err := enc.DecodeString(body)
	if err != nil {
		return Document{}, false
	}
	sum, err := enc.DecodeString(mac)
	if err != nil || !hmac.Equal(sum, k.mac(org, b)) {
		return Document{}, false
	}
	var d Document
	return d, json.Unmarshal(b, &d) == nil
}

func (k keeper) mac(org string, b []byte) []byte {
	h := hmac.New(sha256.New, k.key[:])
	_, _ = h.Write([]byte(org + "\x00")) // a hash never fails
	_, _ = h.Write(b)
	return h.Sum(nil)
}
