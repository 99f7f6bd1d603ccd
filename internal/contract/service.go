package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/number"
	"qiao/internal/platform/verify"
)

// Service is the module: its use cases and pages.
type Service struct {
	Deps
	forms  []Form
	unread error // why there are no forms; a test reads those that are built in
}

// New builds the module.
func New(d Deps) *Service {
	forms, err := readForms(formData)
	return &Service{Deps: d, forms: forms, unread: err}
}

const columns = `id, number, order_id, version, buyer, provider, region, terms, body, sha256, person, at, invented`

// Latest is the newest version of an order's contract with its signatures; false when there is none.
func (s *Service) Latest(ctx context.Context, q db.Q, order string) (Contract, []Signature, bool, error) {
	c, err := db.One[Contract](ctx, q, `SELECT `+columns+` FROM contract_contract WHERE order_id = $1 ORDER BY version DESC LIMIT 1`, order)
	if errors.Is(err, db.ErrNone) {
		return c, nil, false, nil
	}
	if err != nil {
		return c, nil, false, fmt.Errorf("read the contract of %s: %w", order, err)
	}
	list, err := signatures(ctx, q, c.ID)
	return c, list, true, err
}

func signatures(ctx context.Context, q db.Q, contract string) ([]Signature, error) {
	list, err := db.All[Signature](ctx, q, `SELECT contract, side, person, sha256, scan, name, at FROM contract_signature WHERE contract = $1 ORDER BY at`, contract)
	if err != nil {
		return nil, fmt.Errorf("read the signatures: %w", err)
	}
	return list, nil
}

// Signed tells whether the newest version of an order's contract is signed by both sides.
func (s *Service) Signed(ctx context.Context, q db.Q, order string) (bool, error) {
	_, list, _, err := s.Latest(ctx, q, order)
	return len(list) == 2, err
}

// Offer fixes a new version of an order's contract; signatures of the version before do not count for it. What is signed
// by both is not changed any more.
func (s *Service) Offer(ctx context.Context, by identity.Subject, order string, t Terms) (Contract, error) {
	f, err := s.Facts(ctx, by, order)
	if err != nil {
		return Contract{}, err
	}
	if err := s.Policy.Can(by, "contract.offer", object(f.Buyer, f.Provider, f.Region)); err != nil {
		return Contract{}, err
	}
	form, err := s.form(t.Form, f.Kind, clock.Day(s.Clock.Now()))
	if err != nil {
		return Contract{}, err
	}
	t = t.only(form)
	if err := t.check(form); err != nil {
		return Contract{}, err
	}
	var c Contract
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err = s.offer(ctx, tx, by, f, form, t)
		return err
	})
	return c, err
}

func (s *Service) offer(ctx context.Context, tx *db.Tx, by identity.Subject, f Facts, form Form, t Terms) (Contract, error) {
	last, signed, there, err := s.Latest(ctx, tx, f.Order)
	if err != nil {
		return last, err
	}
	if len(signed) == 2 {
		return last, fault.New(fault.Conflict, "contract-signed", "合同 {0} 已由双方签署，不能再改。需要变更请另立补充合同。", last.Number)
	}
	now := s.Clock.Now()
	c := Contract{
		ID: id.New(), Number: last.Number, Order: f.Order, Version: last.Version + 1, Buyer: f.Buyer, Provider: f.Provider, Region: f.Region,
		Person: by.Person, At: db.At(now), Invented: f.Invented,
	}
	if !there {
		if c.Number, err = number.Next(ctx, tx, "HT", f.Region, now); err != nil {
			return c, fmt.Errorf("number the contract: %w", err)
		}
	}
	c.Body = write(form, c.Number, c.Version, f, t, clock.Day(now))
	c.SHA256 = Hash(c.Body)
	terms, err := json.Marshal(t)
	if err != nil {
		return c, fmt.Errorf("write the terms: %w", err)
	}
	c.Terms = string(terms)
	_, err = tx.Exec(ctx, `INSERT INTO contract_contract (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		c.ID, c.Number, c.Order, c.Version, c.Buyer, c.Provider, c.Region, c.Terms, c.Body, c.SHA256, c.Person, c.At, c.Invented)
	if err != nil {
		return c, fmt.Errorf("keep the contract: %w", err)
	}
	return c, audit.Record(ctx, tx, now, audit.Entry{Action: "contract.offer", Kind: "contract", ID: c.ID, To: c.SHA256, Data: map[string]any{"order": c.Order, "version": c.Version}})
}

// Scan is the stamped page of a side, kept already; empty: signed on the platform only.
type Scan struct{ SHA256, Name string }

func errChanged(c Contract) *fault.Error {
	return fault.New(fault.Conflict, "contract-changed", "对方刚刚提出了新的版本（第 {0} 版），请看过再签。", c.Version)
}

func errTwice() *fault.Error {
	return fault.New(fault.Conflict, "contract-twice", "贵方已经签署过这一版合同。")
}

func signedBy(list []Signature, side string) bool {
	return slices.ContainsFunc(list, func(x Signature) bool { return x.Side == side })
}

// Sign signs the newest version for a side, in the caller's transaction; where nobody has offered one yet, with the usual
// terms. seen is the hash of the text the signer has read; empty from a program that read none. sealed is what Seal gave; nil:
// without a seal.
func (s *Service) Sign(ctx context.Context, tx *db.Tx, by identity.Subject, side, seen string, f Facts, scan Scan, sealed *Seal) (Contract, error) {
	c, list, there, err := s.Latest(ctx, tx, f.Order)
	if err == nil && !there {
		var form Form
		if form, err = s.form("", f.Kind, clock.Day(s.Clock.Now())); err == nil {
			c, err = s.offer(ctx, tx, by, f, form, form.Usual.only(form))
		}
	}
	if err != nil {
		return c, err
	}
	if seen != "" && seen != c.SHA256 || sealed != nil && sealed.Contract != c.ID {
		return c, errChanged(c)
	}
	if signedBy(list, side) {
		return c, errTwice()
	}
	_, err = tx.Exec(ctx, `INSERT INTO contract_signature (contract, side, person, sha256, scan, name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, side, by.Person, c.SHA256, scan.SHA256, scan.Name, db.At(s.Clock.Now()))
	if err != nil {
		return c, fmt.Errorf("sign the contract: %w", err)
	}
	if sealed != nil {
		return c, keepSeal(ctx, tx, *sealed)
	}
	return c, nil
}

// Ready refuses work on an order whose provider works under signed contracts only, from this price on.
func (s *Service) Ready(ctx context.Context, q db.Q, order, provider string, price money.Fen) error {
	above, asked, err := s.Rule(ctx, q, provider)
	if err != nil || !asked || price < above {
		return err
	}
	signed, err := s.Signed(ctx, q, order)
	if err == nil && !signed {
		return fault.New(fault.Conflict, "contract-missing", "服务单位规定：{0} 及以上的订单须先由双方签署合同，再开始服务。", above)
	}
	return err
}

// Rule is the price from which on a provider works under a signed contract only; false: it never asks for one.
func (s *Service) Rule(ctx context.Context, q db.Q, provider string) (money.Fen, bool, error) {
	above, err := db.One[money.Fen](ctx, q, `SELECT above FROM contract_rule WHERE provider = $1`, provider)
	if errors.Is(err, db.ErrNone) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read the rule for contracts: %w", err)
	}
	return above, true, nil
}

// SetRule says from which price on the subject's organisation works under a signed contract only; nil: never.
func (s *Service) SetRule(ctx context.Context, by identity.Subject, above *money.Fen) error {
	if err := s.Policy.Can(by, "contract.rule", identity.Object{Parties: map[string]string{"owner": by.Org}}); err != nil {
		return err
	}
	if above != nil && *above < 0 {
		return fault.New(fault.Invalid, "contract-rule", "金额不能是负数。").Field("above", "range", "请填零或更大的金额；零表示每个订单都要签合同。")
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM contract_rule WHERE provider = $1`, by.Org); err != nil {
			return fmt.Errorf("forget the rule for contracts: %w", err)
		}
		if above != nil {
			if _, err := tx.Exec(ctx, `INSERT INTO contract_rule (provider, above, person, updated_at) VALUES ($1, $2, $3, $4)`, by.Org, *above, by.Person, db.At(s.Clock.Now())); err != nil {
				return fmt.Errorf("keep the rule for contracts: %w", err)
			}
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "contract.rule", Kind: "organisation", ID: by.Org, Data: above})
	})
}

// Public is the newest version by its number, for anybody who knows it: only what proves a copy.
func (s *Service) Public(ctx context.Context, q db.Q, number string) (Contract, []Signature, error) {
	c, err := db.One[Contract](ctx, q, `SELECT `+columns+` FROM contract_contract WHERE number = $1 ORDER BY version DESC LIMIT 1`, strings.ToUpper(strings.TrimSpace(number)))
	if errors.Is(err, db.ErrNone) {
		return c, nil, fault.New(fault.NotFound, "no-contract", "没有这个编号的合同，请核对编号。")
	}
	if err != nil {
		return c, nil, fmt.Errorf("read the contract: %w", err)
	}
	list, err := signatures(ctx, q, c.ID)
	return c, list, err
}

// object is a contract as the permission table sees it.
func object(buyer, provider, region string) identity.Object {
	return identity.Object{Parties: map[string]string{Buyer: buyer, Provider: provider}, Region: region}
}

// Verify checks that every text is the one that was hashed, and every signature one of it.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	list, err := db.All[Contract](ctx, q, `SELECT `+columns+` FROM contract_contract ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read the contracts: %w", err)
	}
	var out []verify.Finding
	for _, c := range list {
		if Hash(c.Body) != c.SHA256 {
			out = append(out, verify.Finding{Code: "contract.hash", Object: c.ID, Text: "the text is not the one that was hashed"})
		}
	}
	bad, err := db.All[string](ctx, q, `SELECT s.contract FROM contract_signature s JOIN contract_contract c ON c.id = s.contract WHERE s.sha256 <> c.sha256 ORDER BY s.contract`)
	if err != nil {
		return nil, fmt.Errorf("compare the signatures: %w", err)
	}
	for _, c := range bad {
		out = append(out, verify.Finding{Code: "contract.signature", Object: c, Text: "a signature is of another text"})
	}
	seals, err := s.verifySeals(ctx, q, list)
	return append(out, seals...), err
}
