package exchange

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// tokenLife is how long a resumption token is good: guidelines ask for a day at least.
const tokenLife = 48 * time.Hour

// token is where a list goes on. It holds everything, so that the node keeps nothing between two pages.
type token struct {
	Verb    string `json:"v"`
	Prefix  string `json:"p,omitempty"`
	From    string `json:"f,omitempty"`
	Until   string `json:"u,omitempty"`
	Set     string `json:"s,omitempty"`
	Stamp   string `json:"d,omitempty"` // of the last record given
	ID      string `json:"i,omitempty"`
	Done    int64  `json:"n"` // records given so far
	Total   int64  `json:"t"`
	Expires int64  `json:"e"` // seconds
}

// seal writes a token that only this node can have written.
func (t token) seal(secret string) string {
	b, err := json.Marshal(t)
	if err != nil { // texts and numbers always marshal
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b) + "." + sign(secret, b)
}

// unseal reads a token; false when it was not written here, or has expired.
func unseal(secret, text string, now time.Time) (token, bool) {
	var t token
	body, mark, ok := strings.Cut(text, ".")
	if !ok || len(text) > 4096 {
		return t, false
	}
	b, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || !hmac.Equal([]byte(sign(secret, b)), []byte(mark)) || json.Unmarshal(b, &t) != nil {
		return token{}, false
	}
	return t, now.Unix() <= t.Expires
}

func sign(secret string, b []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)[:16])
}
