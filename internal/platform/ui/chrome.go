package ui

import (
	"context"
	"time"

	"qiao/internal/platform/i18n"
)

var t = i18n.T

// Chrome is what every page needs beside its own content. The application builds one for each request and puts it into
// the context; texts in it are already in the reader's language.
type Chrome struct {
	Assets  func(name string) string // hashed address of an asset, assets.Set.URL
	Origin  string                   // public address of the site, "https://qiao.example", from the configuration
	Path    string                   // path of the request
	Query   string                   // raw query of the request, for coming back after /prefs
	Now     time.Time                // instant of the request; times are told relative to it
	Request string                   // a fresh id, sent back by every form: the same click twice has one effect
	Prefs   Prefs                    // display preferences, from cookies

	Brand  Brand      // whose platform this is
	Notice string     // one line above everything (a demo says so here); empty: none
	Flash  *Flash     // what happened to what the person just did; nil: nothing
	User   *User      // who is signed in; nil: a visitor
	Portal []NavItem  // main navigation of the portal
	Desk   []NavGroup // navigation of the desk: what this person may open
	Tabs   []NavItem  // bottom bar on phones, at most five
	Footer []NavItem  // links at the foot of the portal
	Legal  string     // last line of the portal
	Unread int        // messages not read yet
	Find   Link       // the desk's search box: Href takes ?q=, Label is its placeholder; empty: no box
}

// Brand is whose platform a page belongs to.
type Brand struct {
	Name string // "桥 Qiao"
	Line string // short line under the name: the region, "嘉兴市科技创新资源共享平台"
	Host string // who runs it, for the strip at the top and the foot
}

// NavItem is one link of a navigation.
type NavItem struct {
	Key   string // compared with Page.Active
	Label string
	Href  string
	Icon  string // Tabler name; name it in the code as Icon: "…" so that the build finds it
	Count int    // waiting things, shown when above 0
}

// NavGroup is a headed part of the desk's navigation.
type NavGroup struct {
	Label string // empty: no heading
	Items []NavItem
}

// User is who is signed in and for whom they act.
type User struct {
	Name   string   // the person
	Acting string   // "示例·禾城新材料 · 管理员"
	Others []Acting // memberships one can change to, the current one included
	Sample bool     // an invented person
}

// Acting is one membership in the menu of the signed-in person; choosing it posts membership=ID to /account/acting.
type Acting struct {
	ID      string
	Label   string // organisation
	Note    string // role
	Current bool
}

// Flash is one line about what has just been done.
type Flash struct {
	Tone Tone
	Text string
}

// Page is what a page says about itself.
type Page struct {
	Title       string // heading and title of the window
	Lead        string // one sentence under the heading
	Active      string // Key of the navigation item one is in
	Description string // for search engines; Lead if empty
	Crumbs      []Link // the way here, without this page
	Actions     []Link // what one can do next, right of the heading; the first is the main one
	Bare        bool   // the page draws its own heading (Hero)
	Narrow      bool   // a column for reading or one form
	Status      []Chip // states beside the heading
	Sample      bool   // the thing shown is invented: marks the heading 示例
}

// Link is a link with words.
type Link struct {
	Label string
	Href  string
	Icon  string
}

// Chip is a state in words with its tone.
type Chip struct {
	Tone Tone
	Text string
}

// Tone is the mood of a state: its colour, never its only sign.
type Tone string

// The tones.
const (
	Plain Tone = ""     // nothing to say
	OK    Tone = "ok"   // done, good, free
	Warn  Tone = "warn" // waits for someone, near its end
	Bad   Tone = "bad"  // refused, late, failed
	Info  Tone = "info" // new, for your notice
	Run   Tone = "run"  // in progress
	Away  Tone = "away" // in lanes: taken somewhere else
)

type chromeKey struct{}

// With puts the chrome into ctx.
func With(ctx context.Context, c *Chrome) context.Context {
	return context.WithValue(ctx, chromeKey{}, c)
}

// From is the chrome of ctx; an empty one when there is none, so that a component can be tested alone.
func From(ctx context.Context) *Chrome {
	if c, ok := ctx.Value(chromeKey{}).(*Chrome); ok && c != nil {
		return c
	}
	return &Chrome{}
}

func asset(ctx context.Context, name string) string {
	c := From(ctx)
	if c.Assets == nil {
		return "/assets/" + name
	}
	return c.Assets(name)
}

// back is where /prefs returns to.
func (c *Chrome) back() string {
	path := c.Path
	if path == "" {
		path = "/"
	}
	if c.Query != "" {
		path += "?" + c.Query
	}
	return path
}

func (p Page) description() string {
	if p.Description != "" {
		return p.Description
	}
	return p.Lead
}
