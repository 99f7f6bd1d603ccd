package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"qiao/data"
	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/expert"
	"qiao/internal/message"
	"qiao/internal/platform/db"
	"qiao/internal/platform/outbox"
)

// buildExperts makes the module in which people decide about their own records.
func (a *App) buildExperts() error {
	var topics []expert.Topic
	list, err := data.Disciplines()
	if err != nil {
		return fmt.Errorf("read the disciplines: %w", err)
	}
	for _, d := range list {
		topics = append(topics, expert.Topic{ZH: d.NameZH, EN: d.NameEN})
	}
	a.expert, err = expert.New(expert.Deps{DB: a.db, Clock: a.clock, Policy: a.policy, Organisations: a.identity, Catalogue: a.catalogue, Topics: topics})
	return err
}

// bar tells the catalogue which people want no record in it.
func (a *App) bar(ctx context.Context, q db.Q, people []catalogue.Person) ([]bool, error) {
	return a.expert.Bar(ctx, q, people)
}

// expertPanel draws, on the page of an expert's record, expertise with its evidence and how to reach the person.
func (a *App) expertPanel(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	return a.expert.Panel(ctx, r)
}

// proposable leaves out the experts who have not agreed to be proposed for needs.
func (a *App) proposable(ctx context.Context, q db.Q, list []catalogue.Resource) ([]catalogue.Resource, error) {
	withheld, err := a.withheld(ctx, q, expert.Match, experts(list, func(r catalogue.Resource) (string, string) { return r.ID, r.Kind }))
	return slices.DeleteFunc(list, func(r catalogue.Resource) bool { return withheld[r.ID] }), err
}

// withheld are the records whose person has claimed them and has not agreed to a purpose.
func (a *App) withheld(ctx context.Context, q db.Q, purpose string, ids []string) (map[string]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return a.expert.Withheld(ctx, q, purpose, ids)
}

// experts are the ids of those among some things that are records of experts.
func experts[T any](list []T, what func(T) (id, kind string)) []string {
	var out []string
	for _, x := range list {
		if id, kind := what(x); kind == expert.KindExpert {
			out = append(out, id)
		}
	}
	return out
}

// shared is the catalogue as other platforms may have it: without the experts who have not agreed to that.
type shared struct {
	*catalogue.Service
	app *App
}

// Each implements exchange.Catalogue.
func (s shared) Each(ctx context.Context, q catalogue.Query, most int, fn func([]format.Record) error) (int, error) {
	return s.Service.Each(ctx, q, most, func(list []format.Record) error {
		withheld, err := s.app.withheld(ctx, s.app.db, expert.Share, experts(list, func(r format.Record) (string, string) { return r.ID, r.Kind.Name }))
		if err != nil {
			return err
		}
		return fn(slices.DeleteFunc(list, func(r format.Record) bool { return withheld[r.ID] }))
	})
}

// unshared tells exchange which records must not be passed on.
func (a *App) unshared(ctx context.Context, q db.Q, list []catalogue.Stand) (map[string]bool, error) {
	return a.withheld(ctx, q, expert.Share, experts(list, func(r catalogue.Stand) (string, string) { return r.ID, r.Kind }))
}

// tellOfExperts tells people of claims and requests.
func (a *App) tellOfExperts() {
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e expert.ClaimMoved) error {
		person := func(title message.Line) error {
			return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Person, Title: title, Link: "/desk/expert"})
		}
		switch e.Verb {
		case "file":
			title := message.Say("有人认领专家记录，等待核实")
			if err := a.tellAuthorities(ctx, tx, m, e.Region, "/desk/expert-claims/"+e.Claim, title); err != nil {
				return err
			}
			return a.notify(ctx, tx, m, e.Owner, nil, "/desk/expert-claims/"+e.Claim, title)
		case "verify":
			return person(message.Say("您认领的专家记录已核实，请逐项决定用途"))
		case "refuse":
			return person(message.Say("您认领的专家记录没有通过核实，请查看理由"))
		}
		return nil
	})
	outbox.On(a.bus, toTell, func(ctx context.Context, tx *db.Tx, m outbox.Meta, e expert.RequestMoved) error {
		switch e.Verb {
		case "send", "withdraw":
			title := message.Say("有单位请求与您联系：{0}", e.Subject)
			if e.Verb == "withdraw" {
				title = message.Say("对方撤回了联系请求：{0}", e.Subject)
			}
			return a.message.Notify(ctx, tx, message.Notice{Key: m.ID, Event: m.Name, Person: e.Expert, Title: title, Link: "/desk/expert/requests/" + e.Request})
		case "accept":
			return a.notify(ctx, tx, m, e.Firm, nil, "/desk/contacts/"+e.Request, message.Say("专家接受了联系请求：{0}", e.Subject))
		}
		return a.notify(ctx, tx, m, e.Firm, nil, "/desk/contacts/"+e.Request, message.Say("联系请求没有被接受或已经结束：{0}", e.Subject))
	})
}
