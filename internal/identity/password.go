package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"qiao/internal/platform/fault"
)

// PasswordCost are the parameters of argon2id. They are written into each hash, so that they may grow later and
// old hashes still verify.
type PasswordCost struct {
	Time    uint32 // passes
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultPasswordCost is 19 MiB, two passes, one thread (OWASP Password Storage Cheat Sheet, argon2id).
func DefaultPasswordCost() PasswordCost { return PasswordCost{Time: 2, Memory: 19 * 1024, Threads: 1} }

const (
	saltBytes = 16
	keyBytes  = 32
)

// The bounds of a hash we are willing to verify: a damaged row must not eat the machine.
const (
	maxMemory = 1 << 20 // KiB: 1 GiB
	maxTime   = 64
)

var errHash = errors.New("identity: not an argon2id hash")

// HashPassword hashes a password as $argon2id$v=19$m=…,t=…,p=…$salt$key.
func HashPassword(password string, cost PasswordCost) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, cost.Time, cost.Memory, cost.Threads, keyBytes)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.Memory, cost.Time, cost.Threads, b64(salt), b64(key)), nil
}

// CheckPassword tells whether password made the hash. A text that is no hash is an error, an empty one fits nothing.
func CheckPassword(hash, password string) (bool, error) {
	if hash == "" {
		return false, nil
	}
	cost, salt, key, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(password), salt, cost.Time, cost.Memory, cost.Threads, keyBytes)
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}

func parseHash(hash string) (cost PasswordCost, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost, nil, nil, errHash
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.Memory, &cost.Time, &cost.Threads); err != nil || n != 3 {
		return cost, nil, nil, errHash
	}
	if cost.Memory == 0 || cost.Memory > maxMemory || cost.Time == 0 || cost.Time > maxTime || cost.Threads == 0 {
		return cost, nil, nil, errHash
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(salt) < 8 {
		return cost, nil, nil, errHash
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != keyBytes {
		return cost, nil, nil, errHash
	}
	return cost, salt, key, nil
}

// The length a new password may have, in characters. Length is what counts (NIST SP 800-63B); no rule about kinds of
// characters, and the whole of it is hashed.
const (
	MinPassword = 10
	MaxPassword = 128
)

// GoodPassword is a fault on the field password when the password is too short, too long, or repeats the login.
func GoodPassword(password, login string) error {
	bad := func(code, text string, args ...any) error {
		return fault.New(fault.Invalid, code, text, args...).Field("password", code, text, args...)
	}
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return bad("password-short", "密码至少 {0} 个字符；一句自己记得住的话最好。", MinPassword)
	case n > MaxPassword:
		return bad("password-long", "密码最多 {0} 个字符。", MaxPassword)
	}
	name, _, _ := strings.Cut(login, "@")
	if p := strings.ToLower(password); p == login || len(name) >= 4 && strings.Contains(p, name) {
		return bad("password-login", "密码里不要包含登录名。")
	}
	return nil
}
