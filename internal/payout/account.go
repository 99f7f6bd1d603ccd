package payout

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Account is where a payee is paid to.
type Account struct {
	ID         string      `db:"id"`
	Org        string      `db:"org"`
	Region     string      `db:"region"`
	Holder     string      `db:"holder"`
	Bank       string      `db:"bank"`
	Number     string      `db:"number" json:"-"` // in full only in payment files
	CNAPS      string      `db:"cnaps"`
	State      string      `db:"state"` // see Accounts
	Person     string      `db:"person"`
	Decider    string      `db:"decider"`
	DeciderOrg string      `db:"decider_org"`
	Note       string      `db:"note"`
	CreatedAt  db.Time     `db:"created_at"`
	DecidedAt  db.NullTime `db:"decided_at"`
}

// Masked is the account's number as lists show it: its last four.
func (a Account) Masked() string { return masked(a.Number) }

func masked(number string) string {
	if utf8.RuneCountInString(number) <= 4 {
		return strings.Repeat("*", utf8.RuneCountInString(number))
	}
	r := []rune(number)
	return "**** " + string(r[len(r)-4:])
}

// AccountDraft is an account as it is typed.
type AccountDraft struct {
	Holder, Bank, Number, CNAPS string
}

// tidy puts the numbers into their plain form and says what is wrong, by field.
func (d *AccountDraft) tidy() error {
	f := fault.New(fault.Invalid, "account-invalid", "收款账户有误，请按提示修改。")
	d.Holder, d.Bank = strings.Join(strings.Fields(d.Holder), " "), strings.Join(strings.Fields(d.Bank), " ")
	d.Number, d.CNAPS = bareNumber(d.Number), bareNumber(d.CNAPS)
	for _, x := range [][2]string{{"holder", d.Holder}, {"bank", d.Bank}} {
		if n := utf8.RuneCountInString(x[1]); n < 2 || n > 100 {
			f.Field(x[0], "length", "请填写完整，2 到 100 个字。")
		}
	}
	if n := len(d.Number); n < 8 || n > 32 || strings.IndexFunc(d.Number, func(r rune) bool { return r > 'z' || !unicode.IsDigit(r) && !unicode.IsUpper(r) }) >= 0 {
		f.Field("number", "shape", "账号应为 8 到 32 位数字（可含大写字母），请核对。")
	}
	if d.CNAPS != "" && (len(d.CNAPS) != 12 || strings.Trim(d.CNAPS, "0123456789") != "") {
		f.Field("cnaps", "shape", "联行号是 12 位数字；不知道可以不填。")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// bareNumber drops blanks and hyphens and writes digits half width.
func bareNumber(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == '-' || r == '－':
			return -1
		case r >= '！' && r <= '～':
			return unicode.ToUpper(r - 0xFEE0)
		}
		return unicode.ToUpper(r)
	}, s)
}

// Propose names a new account of the organisation acted for; one that was proposed before and not decided gives way.
func (s *Service) Propose(ctx context.Context, by identity.Subject, d AccountDraft) (Account, error) {
	org, err := s.orgs.Organisation(ctx, s.db, by.Org)
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: id.New(), Org: org.ID, Region: org.Region, State: AccountProposed, Person: by.Person, CreatedAt: db.At(s.clock.Now())}
	if err := s.policy.Can(by, "payout.account", payeeObject(a.Org, a.Region)); err != nil {
		return a, err
	}
	if err := d.tidy(); err != nil {
		return a, err
	}
	a.Holder, a.Bank, a.Number, a.CNAPS = d.Holder, d.Bank, d.Number, d.CNAPS
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := withdrawProposed(ctx, tx, a.Org, a.CreatedAt); err != nil {
			return err
		}
		if err := insertAccount(ctx, tx, a); err != nil {
			return err
		}
		return s.accountMoved(ctx, tx, a, "propose", 0)
	})
	return a, err
}

// Decide confirms or refuses a proposed account: a second person of the payee, or an officer. Payments planned to the account
// before are stopped, and their batches need a new approval.
func (s *Service) Decide(ctx context.Context, by identity.Subject, account, verb, note string) (Account, error) {
	var a Account
	note = strings.TrimSpace(note)
	if verb == "refuse" && note == "" {
		return a, fault.New(fault.Invalid, "reason-needed", "请写明理由。").Field("note", "required", "请写明理由。")
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if a, err = lockAccount(ctx, tx, account); err != nil {
			return err
		}
		if err := s.policy.Act(by, "payout.confirm", payeeObject(a.Org, a.Region)); err != nil {
			return err
		}
		move, err := Accounts.Next(a.State, verb)
		if err != nil {
			return err
		}
		if a.Person == by.Person {
			return fault.New(fault.Forbidden, "second-person-needed", "账户由您填写，须由本单位另一位人员或主管部门确认。")
		}
		a.State, a.Decider, a.DeciderOrg, a.Note, a.DecidedAt = move.To, by.Person, by.Org, note, db.NullAt(s.clock.Now())
		stopped := 0
		if a.State == AccountConfirmed {
			if err := replaceConfirmed(ctx, tx, a.Org); err != nil {
				return err
			}
			if stopped, err = s.stopPlanned(ctx, tx, by, a.Org); err != nil {
				return err
			}
		}
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		return s.accountMoved(ctx, tx, a, verb, stopped)
	})
	return a, err
}

func (s *Service) accountMoved(ctx context.Context, tx *db.Tx, a Account, verb string, stopped int) error {
	now := s.clock.Now()
	if err := outbox.Publish(ctx, tx, now, AccountChanged{a.ID, a.Org, a.Region, a.State, stopped}); err != nil {
		return err
	}
	type told struct {
		Account
		Number string // its end
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "payout.account-" + verb, Kind: "payout-account", ID: a.ID, To: a.State, Data: told{a, a.Masked()}})
}
