//i18n:data what the invented people of the demo say

package demo

import "qiao/internal/platform/money"

// Cast is who a story is about, and what they say.
type Cast struct {
	Key        string // of the firm among the sample organisations
	Login      string // short name of the firm's sign-in
	Person     string // the firm's administrator
	Lab        string // short name of the provider's sign-in
	Instrument string // name of what is booked, without the mark
	Slots      int    // how many slots in a row
	Skip       int    // free slots left out before, so that the demo's bookings spread
	Service    string // name of what is commissioned, without the mark
	Quantity   int64
	Price      money.Fen // of one, in the provider's quote
	Quota      money.Fen // applied for
	Purpose    string    // of the quota
	Need       string    // in the firm's own words
	Task       string    // of the commission
	Stars      int64
	Review     string
}

// Main is the story that the scenario tests: 示例·禾城新材料 and 示例·南湖检测研究院.
func Main() Cast {
	return Cast{
		Key: "hecheng", Login: "firm", Person: mark + "李创新", Lab: "lab", Instrument: "场发射扫描电子显微镜", Slots: 2,
		Service: "碳纤维复合材料层合板力学性能测试", Quantity: 6, Price: 65_000, Quota: 5_000_000,
		Purpose: "研发无人机机身用碳纤维复合材料，需要做力学性能测试和断口分析。",
		Need:    "我们在做无人机机身用的碳纤维复合材料板，想测拉伸和层间剪切强度，还要看一看断口的微观形貌，最好两周内能拿到数据报告。",
		Task:    "碳纤维环氧层合板，6 组试样：0° 拉伸、90° 拉伸和层间剪切各两组，需要原始曲线。",
		Stars:   5, Review: "沟通顺畅，数据完整，工程师还帮我们看了断口。",
	}
}

// story is a cast and how far its story has come in the demo.
type story struct {
	cast Cast
	stop string
	then Cast     // a further commission of the same firm, left at its quote; empty: none
	open []string // further needs of the firm that nobody has answered to its liking yet
}

// casts are the stories of the demo at their stages, so that every page has something true to show and
// something waits for every role.
func casts() []story {
	return []story{
		{Main(), "", Cast{
			Key: "hecheng", Login: "firm", Lab: "lab2", Service: "复合材料疲劳寿命评价", Quantity: 1, Price: 960_000,
			Task: "同一批碳纤维层合板，拉-拉疲劳，三个应力水平，每级三件，拟合 S-N 曲线。",
		}, []string{"想把碳纤维边角料回收再用，需要热解工艺小试，并评价回收纤维的表面和强度。"}},
		{Cast{
			Key: "xiushui", Login: "firm2", Person: mark + "赵装备", Lab: "lab2", Instrument: "万能材料试验机（100 kN）", Slots: 3,
			Service: "铸件内部缺陷三维检测", Quantity: 3, Price: 160_000, Quota: 3_000_000, Purpose: "机器人关节铝合金壳体的轻量化研发。",
			Need: "机器人关节壳体改成薄壁压铸铝后，偶尔在螺纹孔附近开裂，想知道里面有没有气孔，并测一下材料的拉伸性能。",
			Task: "压铸铝壳体 3 件，重点看螺纹孔周围的气孔大小和位置。",
		}, "quote", Cast{}, []string{"机器人关节在零下二十度低温启动时润滑脂发硬，想找低温流变测试和配方建议。"}},
		{Cast{
			Key: "wuzhen", Login: "wuzhen", Person: mark + "郑传感", Lab: "lab", Instrument: "激光显微拉曼光谱仪", Slots: 2,
			Service: "电子化学品痕量金属分析", Quantity: 2, Price: 150_000, Quota: 2_000_000, Purpose: "气体传感器敏感膜的配方研发。",
			Need: "气体传感器的敏感膜批次之间一致性差，怀疑表面元素价态有变化，想做表面成分分析，顺便查原料里的金属杂质。",
			Task: "两种前驱体溶液，测 30 种金属杂质。",
		}, "report", Cast{}, nil},
		{Cast{
			Key: "yunhe", Login: "yunhe", Person: mark + "王生物", Lab: "lab", Instrument: "场发射扫描电子显微镜", Slots: 2, Skip: 4,
			Service: "未知物成分剖析", Quantity: 1, Price: 260_000, Quota: 2_000_000, Purpose: "冻干制剂辅料的国产替代研发。",
			Need: "冻干制剂复溶后出现少量白色颗粒，想知道是什么成分、粒径多大，以便调整辅料配方。",
			Task: "复溶后滤膜上的颗粒物一份，做成分剖析。", Stars: 4, Review: "结论清楚，时间比约定晚了一天。",
		}, "claim", Cast{}, nil},
		{Cast{
			Key: "wuyuan", Login: "wuyuan", Person: mark + "冯管业", Lab: "lab2", Instrument: "超声 C 扫描检测系统", Slots: 2,
			Service: "涂层耐腐蚀性能评价", Quantity: 4, Price: 90_000, Quota: 2_500_000, Purpose: "耐蚀复合管的界面质量研究。",
			Need: "双金属复合管的结合界面偶有脱层，想用无损检测看看脱层面积，再评价内壁涂层的耐腐蚀性能。",
			Task: "涂层试板 4 块，中性盐雾 480 小时，评级并拍照。", Stars: 5, Review: "扫描图很直观，帮我们改进了工艺。",
		}, "verify-claim", Cast{}, nil},
		{Cast{
			Key: "dangxia", Login: "dangxia", Person: mark + "陈传动", Lab: "lab2", Instrument: "激光共聚焦显微镜", Slots: 2, Skip: 3,
			Service: "车载电子环境可靠性摸底", Quantity: 1, Price: 1_200_000, Quota: 4_000_000, Purpose: "谐波减速器齿面修形与润滑研究。",
			Need: "谐波减速器跑合后齿面有轻微磨损，想量一下三维形貌和粗糙度，再看看在高低温下的表现。",
			Task: "减速器驱动板一批，做温变和振动摸底。",
		}, "start", Cast{}, []string{"希望有专家帮助看看谐波减速器柔轮的疲劳设计，能给出改进方案并出具计算书。"}},
		{Cast{
			Key: "chaoyin", Login: "chaoyin", Person: mark + "许户外", Lab: "lab", Instrument: "激光显微拉曼光谱仪", Slots: 2, Skip: 4,
			Service: "未知物成分剖析", Quantity: 1, Price: 260_000, Quota: 2_000_000, Purpose: "户外面料染料的耐候性研发。",
			Need: "户外冲锋衣的面料日晒后变浅，想弄清染料的分子结构有没有变化，好换成更稳定的染料。",
			Task: "日晒前后的面料各一块，剖析染料成分。",
		}, "book", Cast{}, nil},
		{Cast{
			Key: "xincang", Login: "xincang", Person: mark + "施食品", Lab: "lab", Instrument: "透射电子显微镜", Slots: 2,
			Service: "电子化学品痕量金属分析", Quantity: 1, Price: 150_000, Quota: 1_500_000, Purpose: "可降解食品包装膜的阻隔层研发。",
			Need: "可降解食品包装膜里加了纳米黏土做阻隔层，想看片层有没有分散开，再查一下有没有金属杂质迁移的风险。",
			Task: "包装膜浸泡液一份，测金属杂质。", Stars: 5, Review: "片层分散看得很清楚，老师讲解耐心。",
		}, "rate", Cast{}, nil},
		{Cast{
			Key: "xitang", Login: "xitang", Person: mark + "顾织造", Lab: "lab2", Instrument: "激光共聚焦显微镜", Slots: 2, Skip: 6,
			Service: "涂层耐腐蚀性能评价", Quantity: 2, Price: 90_000, Quota: 1_500_000, Purpose: "金属镀膜功能织物的耐久性研发。",
			Need: "镀膜织物洗涤后屏蔽效果下降，想看膜层形貌和腐蚀情况，改进镀膜工艺。",
			Task: "镀膜织物 2 组，盐雾后评级并拍照。", Stars: 4, Review: "按时出了数据，照片清楚。",
		}, "publish-notice", Cast{}, nil},
		{Cast{
			Key: "puyuan", Login: "puyuan", Person: mark + "沈针织", Lab: "lab", Instrument: "透射电子显微镜", Slots: 2, Skip: 4,
			Service: "未知物成分剖析", Quantity: 1, Price: 260_000, Quota: 2_000_000, Purpose: "抗菌针织纱线的整理剂研发。",
			Need: "抗菌整理后的纱线手感发硬，想看纤维表面残留了什么，好调整整理剂配方。",
			Task: "整理前后的纱线各一份，剖析表面残留物。", Stars: 5, Review: "成分讲得明白，给了改进建议。",
		}, "publish-notice", Cast{}, nil},
		{Cast{
			Key: "yuanhu", Login: "yuanhu", Person: mark + "何微电", Lab: "lab", Quota: 6_000_000, Purpose: "功率模块封装可靠性研发，需要失效分析和痕量分析。",
		}, "apply", Cast{}, nil},
		{Cast{Key: "weitang", Login: "weitang", Person: mark + "吕光学"}, "register", Cast{}, nil},
	}
}
