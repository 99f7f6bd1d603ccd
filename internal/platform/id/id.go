// Package id makes the identifiers of every row: UUIDs as lower-case text.
package id

import (
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"
)

// New is a UUIDv7: unique, and roughly in the order of making.
func New() string {
	u, err := uuid.NewV7()
	if err != nil { // only when the system has no randomness; a random v4 asks the same source and says so
		return uuid.NewString()
	}
	return u.String()
}

// From is a UUIDv8 computed from parts: the same request gives the same id, so a repeat finds
// the first row by its primary key. The parts are length-delimited: ("ab","c") is not ("a","bc").
func From(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte{byte(len(p) >> 24), byte(len(p) >> 16), byte(len(p) >> 8), byte(len(p))})
		h.Write([]byte(p))
	}
	var u uuid.UUID
	copy(u[:], h.Sum(nil))
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// Valid tells whether s is a UUID in the form that New and From write.
func Valid(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && len(s) == 36 && s == strings.ToLower(u.String())
}
