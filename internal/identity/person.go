package identity

import (
	"net/mail"
	"strings"

	"qiao/internal/platform/db"
)

// PersonRef is a person as other modules need one: whom to tell, and in which language.
type PersonRef struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	Email    string `db:"email"`
	Phone    string `db:"phone"`    // may be empty
	Language string `db:"language"` // "zh-CN", "en"; empty: not chosen
	Role     string `db:"role"`     // in the organisation asked for
}

// Membership is one role of one person in one organisation: what a person can act as.
type Membership struct {
	ID           string `db:"id"`
	Person       string `db:"person"`
	Organisation string `db:"organisation"`
	OrgName      string `db:"org_name"`
	OrgNameEN    string `db:"org_name_en"`
	OrgStatus    string `db:"org_status"`
	Role         string `db:"role"`
	Region       string `db:"region"` // the membership's, else the organisation's
	Sample       bool   `db:"sample"`

	CreatedAt db.Time `db:"created_at"`
}

// NormalLogin is a login as it is kept and compared: trimmed, lower case.
func NormalLogin(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// ValidLogin tells whether a normal login is an e-mail address with nothing around it.
func ValidLogin(login string) bool {
	a, err := mail.ParseAddress(login)
	return err == nil && a.Address == login && len(login) <= 254 && strings.Contains(login, ".")
}
