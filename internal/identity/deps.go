package identity

import (
	"context"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Slot is a part of an organisation's public page that a higher module draws: its resources, say.
// A nil component is left out.
type Slot func(ctx context.Context, organisation string) (templ.Component, error)

// DemoLogin is a sign-in that the sign-in page offers while the demo is on.
type DemoLogin struct {
	Login    string // firm@demo.qiao
	Password string
	Role     string // what this person does, in Chinese
}

// Deps is what identity is built from.
type Deps struct {
	DB         *db.DB
	Clock      clock.Clock
	Policy     *Policy
	Root       string // the region this node serves, six digits
	Secure     bool   // the public address is https: __Host- cookies
	Sample     bool   // the demo: whoever registers is invented and marked 示例
	DemoLogins []DemoLogin
	Address    func(*http.Request) string // the client's address behind proxies; nil: the connection's
	Slots      []Slot                     // drawn below the facts of an organisation's page, in order
	Lockout    Lockout                    // zero: DefaultLockout
	Hash       PasswordCost               // zero: DefaultPasswordCost
	SessionMax time.Duration              // zero: DefaultSessionMax
	Idle       time.Duration              // zero: DefaultIdle
	Proof      time.Duration              // how long a password given again counts; zero: DefaultProof
}

// Service is the module: its use cases, pages and API.
type Service struct {
	db     *db.DB
	clock  clock.Clock
	policy *Policy
	deps   Deps
	tree   atomic.Pointer[Tree] // the regions in memory; read-only, replaced when they are loaded anew

	hashers chan struct{} // a place for each password hashed at the same time
}

// How long a session lasts when Deps does not say (our choice; GB/T 22239 asks for a limit and names no number).
const (
	DefaultSessionMax = 7 * 24 * time.Hour
	DefaultIdle       = 12 * time.Hour
)

// New builds the module.
func New(d Deps) *Service {
	if d.Lockout == (Lockout{}) {
		d.Lockout = DefaultLockout()
	}
	if d.Hash == (PasswordCost{}) {
		d.Hash = DefaultPasswordCost()
	}
	if d.SessionMax == 0 {
		d.SessionMax = DefaultSessionMax
	}
	if d.Idle == 0 {
		d.Idle = DefaultIdle
	}
	if d.Proof == 0 {
		d.Proof = DefaultProof
	}
	return &Service{db: d.DB, clock: d.Clock, policy: d.Policy, deps: d, hashers: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// Policy is the permission table.
func (s *Service) Policy() *Policy { return s.policy }

func (s *Service) today() string { return clock.Day(s.clock.Now()) }
