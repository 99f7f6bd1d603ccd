package order

import "context"

// Hazards are the kinds of danger that what is brought to an instrument can carry: what conditions ask about, what a
// sample's label names (classes of GB 13690-2009, and biological).
func Hazards() []string {
	return []string{"none", "flammable", "oxidising", "toxic", "corrosive", "explosive", "pressure", "radioactive", "biological", "other"}
}

// HazardWord names a hazard to people.
func HazardWord(ctx context.Context, hazard string) string {
	switch hazard {
	case "none":
		return t(ctx, "无危险性")
	case "flammable":
		return t(ctx, "易燃")
	case "oxidising":
		return t(ctx, "氧化性")
	case "toxic":
		return t(ctx, "有毒")
	case "corrosive":
		return t(ctx, "腐蚀性")
	case "explosive":
		return t(ctx, "爆炸性")
	case "pressure":
		return t(ctx, "压力容器")
	case "radioactive":
		return t(ctx, "放射性")
	case "biological":
		return t(ctx, "生物危害")
	}
	return t(ctx, "其他（请写明）")
}
