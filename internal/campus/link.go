package campus

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// The kinds of connections.
const (
	KindAPI = "api" // calls in both directions
	KindICS = "ics" // calendar files that are fetched
)

// Which way times go.
const (
	Both = "both"
	In   = "in"  // theirs come here
	Out  = "out" // ours go there
)

// Whose calendar decides between rivals.
const (
	There = "there" // a booking here is reserved there first
	Here  = "here"  // they take a time only once it was taken here
)

// What happens to a booking when their system does not answer.
const (
	SilentRefuse = "refuse" // it is not placed
	SilentBook   = "book"   // it is placed and told to them later; what then clashes is for people
)

// The states of a connection.
const (
	Active = "active"
	Paused = "paused"
	Ended  = "ended"
)

// Link is a connection of a provider to its campus system.
type Link struct {
	ID        string      `db:"id"`
	Owner     string      `db:"owner"`
	Region    string      `db:"region"`
	Name      string      `db:"name"`
	Kind      string      `db:"kind"`
	Address   string      `db:"address"`
	Secret    string      `db:"secret" json:"-"`
	SecretAt  db.NullTime `db:"secret_at"`
	Direction string      `db:"direction"`
	Judge     string      `db:"judge"`
	Silent    string      `db:"silent"`
	Poll      int64       `db:"poll"`
	State     string      `db:"state"`
	Heard     db.NullTime `db:"heard_at"`
	Failure   string      `db:"failure"`
	Failed    db.NullTime `db:"failed_at"`
	Invented  bool        `db:"invented"`
	Person    string      `db:"person"`
	CreatedAt db.Time     `db:"created_at"`
}

// asks tells whether bookings of this connection's instruments are asked for there.
func (l Link) asks() bool {
	return l.Kind == KindAPI && l.Judge == There && l.Direction != In && l.Address != "" && l.State == Active
}

// tells tells whether what changes here goes out.
func (l Link) tells() bool {
	return l.Kind == KindAPI && l.Direction != In && l.Address != "" && l.State == Active
}

// hears tells whether their times count here.
func (l Link) hears() bool { return l.Direction != Out && l.State == Active }

// fetches tells whether their times are fetched.
func (l Link) fetches() bool {
	return l.hears() && l.Poll > 0 && (l.Kind == KindICS || l.Address != "")
}

// Map is an instrument of a connection.
type Map struct {
	Resource string      `db:"resource"`
	Link     string      `db:"link"`
	Theirs   string      `db:"theirs"`
	NameZH   string      `db:"name_zh"`
	NameEN   string      `db:"name_en"`
	Told     int64       `db:"told"`
	Synced   int64       `db:"synced"`
	ETag     string      `db:"etag"`
	Modified string      `db:"modified"`
	Polled   db.NullTime `db:"polled_at"`
	Due      db.NullTime `db:"due_at"`
	Tries    int64       `db:"tries"`
	Failure  string      `db:"failure"`
}

// Request is what a person says of a connection.
type Request struct {
	Name      string
	Kind      string
	Address   string
	Direction string
	Judge     string
	Silent    string
	Poll      int64
}

const (
	maxName    = 100
	maxAddress = 500
	maxLinks   = 20  // of one organisation
	maxTheirs  = 100 // characters of an id of theirs
)

// check brings a request into order and says what is wrong with it; plain: addresses may be http.
func (r *Request) check(plain bool) error {
	bad := fault.New(fault.Invalid, "campus-invalid", "连接信息有误，请按提示修改。")
	r.Name, r.Address = strings.TrimSpace(r.Name), strings.TrimRight(strings.TrimSpace(r.Address), "/")
	if n := utf8.RuneCountInString(r.Name); n == 0 || n > maxName {
		bad.Field("name", "required", "请给连接起个名字，最多 {0} 个字。", maxName)
	}
	one := func(field, value string, allowed ...string) {
		for _, a := range allowed {
			if a == value {
				return
			}
		}
		bad.Field(field, "unknown", "请选择一项。")
	}
	one("kind", r.Kind, KindAPI, KindICS)
	if r.Kind == KindICS { // a file only says what is taken
		r.Address, r.Direction, r.Judge = "", In, Here
	}
	one("direction", r.Direction, Both, In, Out)
	one("judge", r.Judge, There, Here)
	one("silent", r.Silent, SilentRefuse, SilentBook)
	if r.Address != "" {
		checkAddress(bad, "address", r.Address, plain)
	} else if r.Kind == KindAPI && (r.Direction == Out || r.Judge == There) {
		bad.Field("address", "required", "要把预约告诉对方或先问对方，就要填写对方的接口地址。")
	}
	if r.Judge == There && r.Direction == In {
		bad.Field("direction", "judge", "由对方的日历决定时，预约要先问对方，请选“双向”。")
	}
	switch {
	case r.Kind == KindICS && r.Poll == 0, r.Poll != 0 && (r.Poll < 15 || r.Poll > 86400):
		bad.Field("poll", "range", "请填 {0} 到 {1} 秒之间的整数；用接口推送的可以填 0，表示不轮询。", 15, 86400)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// checkAddress finds what is wrong with an address that we are to reach.
func checkAddress(bad *fault.Error, field, address string, plain bool) {
	u, err := url.Parse(strings.Replace(address, "webcal://", "https://", 1))
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || len(address) > maxAddress || u.Scheme != "https" && (u.Scheme != "http" || !plain) {
		bad.Field(field, "address", "请填写以 https:// 开头的完整地址，不含用户名和密码，最多 {0} 个字符。", maxAddress)
	}
}

// stale tells whether what was fetched of an instrument is too old to be relied on.
func (m Map) stale(l Link, now time.Time) bool {
	if !l.fetches() {
		return false
	}
	return now.Sub(m.Polled.Time) > max(3*time.Duration(l.Poll)*time.Second, 5*time.Minute)
}

// object is a connection as the permission table sees it.
func (l Link) object() identity.Object {
	return identity.Object{Parties: map[string]string{"owner": l.Owner}, Region: l.Region}
}
