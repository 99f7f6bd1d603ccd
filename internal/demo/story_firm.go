package demo

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"qiao/internal/platform/money"
)

// register lets the firm register itself, with its first person.
func (t *teller) register(ctx context.Context) error {
	orgs, err := organisations()
	if err != nil {
		return err
	}
	for _, o := range orgs {
		if o.Key != t.cast.Key {
			continue
		}
		body := object{
			"name_zh": o.NameZH, "name_en": o.NameEN, "uscc": o.USCC(), "region": o.Region, "kind": o.Kind, "address": o.Address, "capacities": []string{o.Capacity},
			"person": object{"name": t.cast.Person, "login": address(t.cast.Login), "password": Password},
		}
		var out struct{ ID, Status string }
		if err := t.post(ctx, "", "/organisations", "register", body, &out); err != nil {
			return err
		}
		t.result.Firm = out.ID
		return want("status", out.Status, "registered")
	}
	return fmt.Errorf("there is no sample organisation %q", t.cast.Key)
}

// verify lets the authority verify the firm.
func (t *teller) verify(ctx context.Context) error {
	var out struct{ Status string }
	if err := t.post(ctx, "officer", "/organisations/"+t.result.Firm+"/verify", "verify", object{}, &out); err != nil {
		return err
	}
	return want("status", out.Status, "verified")
}

// apply lets the firm apply for a quota of the demo's programme.
func (t *teller) apply(ctx context.Context) error {
	var list struct{ Items []struct{ ID string } }
	if err := t.get(ctx, t.cast.Login, "/voucher-programmes", &list); err != nil {
		return err
	}
	if len(list.Items) == 0 {
		return fmt.Errorf("there is no voucher programme")
	}
	t.result.Programme = list.Items[0].ID
	body := object{"amount": t.cast.Quota, "purpose": t.cast.Purpose, "statements": []string{"honest", "own-research"}}
	var out struct{ ID, State string }
	if err := t.post(ctx, t.cast.Login, "/voucher-programmes/"+t.result.Programme+"/applications", "apply", body, &out); err != nil {
		return err
	}
	t.result.Application = out.ID
	return want("state", out.State, "submitted")
}

// approve lets an officer issue the voucher.
func (t *teller) approve(ctx context.Context) error {
	var out struct{ State string }
	if err := t.post(ctx, "officer", "/voucher-applications/"+t.result.Application+"/approve", "approve", object{}, &out); err != nil {
		return err
	}
	if err := t.wallet(ctx); err != nil {
		return err
	}
	t.result.Granted = t.result.Wallet.Granted
	return want("state", out.State, "approved")
}

// wallet reads what the firm has in the programme.
func (t *teller) wallet(ctx context.Context) error {
	if t.result.Application == "" {
		return nil
	}
	var out struct {
		Items []struct {
			Programme                 string
			Granted, Held, Used, Left money.Fen
		}
	}
	if err := t.get(ctx, t.cast.Login, "/wallet", &out); err != nil {
		return err
	}
	for _, i := range out.Items {
		if i.Programme == t.result.Programme {
			t.result.Wallet = Pocket{i.Granted, i.Held, i.Used, i.Left}
		}
	}
	return nil
}

// stateNeed lets the firm say in its own words what it looks for, and reads the candidates.
func (t *teller) stateNeed(ctx context.Context) error {
	if err := t.pause(ctx); err != nil { // what was put into the catalogue before is to be found
		return err
	}
	var need struct{ ID string }
	if err := t.post(ctx, t.cast.Login, "/needs", "need", object{"text": t.cast.Need, "confidential": false}, &need); err != nil {
		return err
	}
	t.result.Need = need.ID
	if err := t.post(ctx, t.cast.Login, "/needs/"+need.ID+"/publish", "publish", object{}, nil); err != nil {
		return err
	}
	return t.eventually(ctx, "candidates of the need", func() (bool, error) {
		err := t.candidates(ctx)
		return len(t.result.Candidates) > 0, err
	})
}

// remark is one reason or gap of a candidate.
type remark struct{ Code, Text string }

func (t *teller) candidates(ctx context.Context) error {
	var out struct {
		Items []struct {
			Resource      struct{ ID, Kind, Name string }
			Reasons, Gaps []remark
		}
	}
	if err := t.get(ctx, t.cast.Login, "/needs/"+t.result.Need+"/candidates", &out); err != nil {
		return err
	}
	t.result.Candidates = nil
	for _, i := range out.Items {
		c := Candidate{Resource: i.Resource.ID, Kind: i.Resource.Kind, Name: i.Resource.Name, Reasons: len(i.Reasons), Gaps: len(i.Gaps)}
		t.result.Candidates = append(t.result.Candidates, c)
	}
	return nil
}

// acceptCandidate lets the firm accept the service it will commission, or else the first candidate.
func (t *teller) acceptCandidate(ctx context.Context) error {
	wanted, err := t.find(ctx, "service", t.cast.Service)
	if err != nil {
		return err
	}
	t.result.Accepted = t.result.Candidates[0].Resource
	for _, c := range t.result.Candidates {
		if c.Resource == wanted {
			t.result.Accepted = wanted
		}
	}
	return t.post(ctx, t.cast.Login, "/needs/"+t.result.Need+"/accept", "accept", object{"resource": t.result.Accepted}, nil)
}

// find is the resource of a kind with this name among the samples, once the index knows it.
func (t *teller) find(ctx context.Context, kind, name string) (id string, err error) {
	type item struct {
		ID     string
		NameZH string `json:"name_zh"`
	}
	err = t.eventually(ctx, "the "+kind+" "+name, func() (bool, error) {
		var out struct{ Items []item }
		if err := t.get(ctx, "", "/resources?kind="+kind+"&limit=50&q="+url.QueryEscape(name), &out); err != nil {
			return false, err
		}
		for _, i := range out.Items {
			if strings.TrimPrefix(i.NameZH, mark) == name {
				id = i.ID
				return true, nil
			}
		}
		return false, nil
	})
	return id, err
}

// want compares what is with what the story expects.
func want[T comparable](what string, got, expected T) error {
	if got != expected {
		return fmt.Errorf("%s is %v, not %v", what, got, expected)
	}
	return nil
}
