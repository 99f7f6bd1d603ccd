package expert

import (
	"slices"
	"strings"
)

// topics finds fields of knowledge in titles: names of two characters and more, by how they begin.
type topics map[string][]Topic

// shortest is how many characters a topic has at least: shorter names occur by chance.
const shortest = 3

func topicsOf(list []Topic) topics {
	out := topics{}
	for _, t := range list {
		r := []rune(t.ZH)
		if len(r) >= shortest {
			out[string(r[:2])] = append(out[string(r[:2])], t)
		}
	}
	for _, l := range out {
		slices.SortStableFunc(l, func(a, b Topic) int { return len(b.ZH) - len(a.ZH) })
	}
	return out
}

// Proposed is an area that titles speak of, with the places of those titles in the list.
type Proposed struct {
	Topic Topic
	By    []int
}

// mostProposed is how many areas are proposed from titles.
const mostProposed = 8

// propose finds the topics that stand in titles, the ones with most support first; a topic within a longer one of the same
// place is left out.
func (t topics) propose(titles []string) []Proposed {
	var out []Proposed
	for i, title := range titles {
		r := []rune(title)
		for at := 0; at+2 <= len(r); at++ {
			rest := string(r[at:])
			for _, topic := range t[string(r[at:at+2])] {
				if !strings.HasPrefix(rest, topic.ZH) {
					continue
				}
				at += len([]rune(topic.ZH)) - 1
				out = support(out, topic, i)
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Proposed) int { return len(b.By) - len(a.By) })
	return out[:min(len(out), mostProposed)]
}

func support(out []Proposed, topic Topic, title int) []Proposed {
	i := slices.IndexFunc(out, func(p Proposed) bool { return p.Topic.ZH == topic.ZH })
	if i < 0 {
		return append(out, Proposed{topic, []int{title}})
	}
	if !slices.Contains(out[i].By, title) {
		out[i].By = append(out[i].By, title)
	}
	return out
}
