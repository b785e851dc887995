/** What an estimate of HyperLogLog++ is corrected by: measured estimates, and how many values there
 *  were. The numbers are those of Heule, Nunkesser and Hall, "HyperLogLog in Practice", as
 *  stream-lib has them. Format: one entry a precision from 4 on; `estimates` in ten-thousandths,
 *  each as what it adds to the one before, in base 36; `steps` what each number of values adds to
 *  the one before, less `step`, a digit each. The first number of values is 1. */
export const measured: readonly {
  readonly estimates: string;
  readonly step: number;
  readonly steps: string;
}[] = [
  {
    estimates:
      "2cvk 5j6 3s4 4hu 3ui 43u 4ao 4aq 4is 4y0 4ps 5c2 4g0 4wy 58w 5bc 5ru 5c8 60y 5m8 5ya " +
      "5fc 6wi 5hy 5h8 7ii 5kc 7cc 6ms 5yy 778 654 5pu 84g 7lg 5dc 8h4 5am 93q 5zq 62a 8qs " +
      "79a 5wm 6tg 9o8 6z6 796 6q2 6hs 73m 9my 6t8 752 8ey 95a 8bg 4ac 8r0 5mg 88o 6v2 a7a " +
      "3gg 902 790 6ou ass 6s4 624 7be 7yo 7rw 7xe 5wg 8b4 5c4 9uy 4dy",
    step: 1,
    steps: "000000000000000000000000000000000000000000000000000000000000000000000000000000",
  },
  {
    estimates:
      "4xgw x6 5eu 366 45i 3nk 44a 3wy 45c 49a 4be 4e6 47s 4h2 4i0 4io 4e2 4oa 4so 4sy 4u4 " +
      "422 5lo 4p4 4s4 5qc 4ni 5cy 5a6 4yk 5ks 55e 4o2 6kw 5g8 4po 678 5u2 5go 65i 5um 5wy " +
      "6xk 4qk 67e 6a4 5ta 6mm 600 634 5za 71k 75e 4oi 7lm 72s 6r6 5j6 5oc 6wk 630 6i6 80m " +
      "6lu 61s 71s 6de 8ku 72k 6rc 6nm 6hi 4ke 9ha 6mg 84i 53k 800 516 80g 7e2 4vm 9zy 4d2 " +
      "9q4 7si 8ho 6ly 610 7ty 8rs 6aw 82w 4s2 9hu 40y auc 9qm 2t8 bg0 7bq 874 4ta 5ss c2g " +
      "5kk 91g 4is 81c cbm 4bm 2vq bxe 72c 768 8kg 3c4 c3g 5qg 8p2 6vo 9t8 8ny 45y b4s 6bo " +
      "5v6 eik -2 d2g 7o8 -8c bd0 7zc 9da 5ee 8fe bvs 4q2 5ey bhi 4mk 8g2 6j6 abc b04 5og 5g0 " +
      "2ie 9ik 8cw acg 4ss biw 7sy 8fg 8ly vs by0",
    step: 1,
    steps:
      "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000" +
      "000000000000000000000000000000000000000000000000000000000000000000000000",
  },
  {
    estimates:
      "9uxs 1gu 8c8 4cw 7js 3mw 7yk 802 45k 840 3zc 88a 8h6 43y 8og 4a4 8oy 8kg 4v2 8fq 58s " +
      "93k 8s2 5g6 95c 4o2 9ui 9xw 4yi a7a 4o0 aes a2a 5ty 97y 60s 9so biy 4qq ami 5li apm " +
      "52g c16 be6 5ic awq 5xs axa bvi 5sa aig 6w2 bk0 cd2 5zo bia 5v4 dny 9yo 8bq c88 5yy " +
      "cj4 dwy 5ou cgy 6sk bvu d1g 58q d5s 8iu fr4 ask 8lq atm 5vg d16 h5y 56w csc 6ee cc0 " +
      "83s gb6 c18 76s dju 7zm axg i6y 6ja e8c 43y hqg af2 7sw d0w 7p4 jh4 aas 8qy d9q 4xa " +
      "gn4 dk2 88i f3a 59m kak b24 bds bhy 7o6 cig j4q 820 frw 6as apc 97a iyq b40 ac6 g04 " +
      "6j2 dce dmq 7c niq 5sa hcc eyi 3wm k9a 1lo ep2 djg eng cds 41q fmc deo dhg dpu 1gq rhc " +
      "bcg -3h0 q4w 912 el0 8mq c2w ham 5ni lt2 936 4kc lic 5j8 g0g 44i g7a fw8 7z4 bko -q6 " +
      "qog gzk 31q fci 7tu glw f4y cas frw 1p0 hpg 8hi h4o a4w cpw g7u due 3hw hm6 9is bkq " +
      "fqq fbe 95c 92g 6vs ayy o6c ef2 79u h0u",
    step: 1,
    steps:
      "01010110101101011010110101101011010110101011010110101101011010110101101011010110101011" +
      "01011010110101101011010110101101010110101101011010110101101011010110101101010110101101" +
      "011010110101101011010110101",
  },
  {
    estimates:
      "jpvk biu bfs bfk boo br8 fp8 bxa c1u bw0 cfe goy cni ctg cru d04 i5s dd6 dku dpy dko " +
      "iv2 e4q dk6 ebg ed8 jvq e3k f4u eqm epg kzy eng fse g0g fio mas e1o hbi f40 h2e fvg " +
      "mso fwq i54 gjs g4u o8e g5i iiw ezu jwe lwk hme h7c gwc hny pn0 jwi iug flm m0k n4w " +
      "i2g j3q kp6 iy2 n1e j10 jee mgw fpq sh2 jd2 gkq kfg jgg u38 mva f5w jr8 k1k iuk u34 " +
      "krw ijw ntc m8k thg fkk mny jka q80 oa8 iyo lmg qfq h7s uno gpo myk pqs hao xkq kg2 " +
      "pjo fze lke zge k92 e6k r5i jeo qd6 pyc o56 lwo noa svm spm ct2 nzu m3o k7u ybg ndk " +
      "ix4 nhu nwe tje eja s2y iki s90 uyi ha0 vgs ie6 o68 sjc nzo mqg n1q g7m 13d6 jfe ikc " +
      "sxg lnm o0y l04 umq qcs cng 18kq c88 qle q70 i5i qlo o2c l1q wvy gpi rh0 k5o zho kqo " +
      "igq yck lgc hgi z0o lg0 fx0 13gk dis 11lg fm4 t06 qkg nzq jri e6y tni 1266 aha vpo p5i " +
      "11lu dlc mds jss 159y 3su zfo ps8 uyq a04 vlg",
    step: 3,
    steps:
      "00000100001000010000100001000010000100000100001000010000100001000010000100001000001000" +
      "01000010000100001000010000100001000001000010000100001000010000100001000010000010000100" +
      "001000010000100001000010000",
  },
  {
    estimates:
      "13hew ndq mve qnw mvw nji ris nrq scm opw p3u te0 p26 u9u pxw pxe uwm qj6 vjc rk6 rfw " +
      "wkc s2w wwg sec s1y zau rii ynu uj2 u6k zfe uv8 xxe w86 ulq 11zw uge yyo xq4 x0a 12so " +
      "wcm w96 128i zek 14as xki ysq 15xo wcq 14fs 10gm zgw 15hq 11li 13j8 1170 10v2 159y " +
      "11uq 13h2 12la 11m0 1a1c 10ea 17qe 15kq xes 1c7c 125c 1dfy yx4 154e 16ms 188y 14n6 " +
      "14cw 118a 1be2 10n8 19m4 1ca8 168i 1gg4 t9w 18sa 1fom z6g 1hva 13ko 185m 1ahg 15ke " +
      "1gv8 yvo 1epu 151a 1emm 1da2 19ku 12dy 1f32 12gu 1eo6 1c5s 11ua 1bfi 1i78 17ek 15nq " +
      "1ges 1bea 1cua 1cue 17cs 1dza 14tq 1b1g 1dh2 1bvc 1boe 1d2s 1d8q yry 1hww 1baa 1pm6 " +
      "118m w22 1y06 18y6 1cmy z2u 1gxa 1fbe 18zi 1e3w 19no 1c20 1f3o 1ct8 1ex0 15iu 1c2w " +
      "1d7y 1kpq 1ey0 v6c 1iyq 1ip2 1f2o 1hbi 1aom 1hw0 16fa 1ao0 1iqy 1cym 1esw 1d7o 12tu " +
      "17u6 1pg6 190s 1iwk yy4 1xj6 11z8 1b5o 1c86 1cvu 1i6i 109y 1qeu 17bq 1cs4 1h80 11qo " +
      "1tm8 18mw 11k6 1s9k 1o8i a7u 1vms 1e46 1bxk 1kki 1a9w 1sxi 1duo a88 24iw 10xi 1q2k " +
      "14i4 1bew 18bk 1piy",
    step: 6,
    steps:
      "00100101001010010100101001010010100101001001010010100101001010010100101001010010010100" +
      "10100101001010010100101001010010100100101001010010100101001010010100101001001010010100" +
      "101001010010100101001010010",
  },
  {
    estimates:
      "27380 18za 1di6 1dkm 1dz2 1aq8 1fie 1gbs 1ghi 1gmm 1dlg 1i96 1jim 1jb4 1jek 1gbu 1juw " +
      "1m64 1lj6 1nbg 1jyw 1mf8 1owo 1q02 1qha 1kj2 1r66 1rl2 1qgi 1qhq 1oo0 1u6s 1u64 1sj2 " +
      "1wsg 1pqe 1ysm 1xse 1wds 1w7w 1sma 2026 1vxm 22qa 1uj6 22ho 229y 209g 1zms 21w8 26u2 " +
      "1x2o 23as 27o8 1vu4 295o 25km 2742 25q8 1yxm 28wm 280u 2bnm 29v8 23jm 266s 2bjm 27t0 " +
      "2gwm 1x1w 2fte 29g8 2jiq 2f1w 21zy 2cvy 2d2q 2f5u 2fjk 2f6c 25j0 2pkq 2a42 2e5m 2cju " +
      "2f5y 2g1e 2itu 28wq 2lky 2ino 29vs 2nxo 24a4 2vt6 2n3y 265g 2upg 27i8 27rq 2rhg 2gy0 " +
      "2p8y 2c02 2yea 29da 2lum 2mk6 2uwq 2blg 2l2u 2k7g 2scw 1v1a 2vne 31y8 27ks 2ta8 2b5y " +
      "2lh8 2hpi 30xq 25io 35fe 20h8 30me 2kma 297m 3504 2aui 2stc 2lmo 2icq 2ulc 2jtc 2kx8 " +
      "3974 1u3i 2wpu 2naa 398k 2bb6 2ayc 39xq 26v6 2ibm 36kg 22ic 2toa 2nis 32fu 2mpu 2rr6 " +
      "226q 2v0u 2j7a 3a68 2nlg 2gsa 2toi 2cs0 3amu 296q 2pxa 2dm0 2rlc 2mx4 2vb2 2o5m 38cq " +
      "2e9a 2l7i 28bq 3474 2ude 2kns 2zro 28gg 3ciu 2u0q 2t70 2dwg 2gvy 2tqg 32sc 2xvw 278a " +
      "2utw 34yy 2sfs 22sw 2m94 28be 3ndw 26aw 353c 1t7s 3h1o 2weq 2w9k 2st8",
    step: 12,
    steps:
      "01110111101111011110111101111011110111101110111101111011110111101111011110111101110111" +
      "10111101111011110111101111011110111011110111101111011110111101111011110111011110111101" +
      "1110111101111011110111101111",
  },
  {
    estimates:
      "4e7ew 2mw2 2pv2 2nf8 2s8g 2p88 2vks 2vzq 2t7u 2xqg 2vhs 3060 32do 2xbc 34ok 30za 35j4 " +
      "380u 32bq 3c64 34je 3btw 3cg8 39dk 3evg 3cy8 3dxi 3jim 3gdm 3kpc 3hlc 3m7s 3m1u 3moc " +
      "3nlu 3nzi 3v7k 3r6i 3sby 3uma 3qm8 3zoa 3mia 42am 45ve 3x86 40mk 3urg 44g4 46h8 41s4 " +
      "45u6 41dg 4920 49qm 4aru 492g 457c 4fak 4ctc 4bm2 46tu 4826 4lq6 4ise 4h88 4cu6 4hfk " +
      "4pfk 4kug 4ku4 4lz6 4phy 4bfe 4wmi 4l9a 4ucs 4jnk 4xrm 4mw8 4sa4 4vuw 4ho0 4t82 4p18 " +
      "500m 4t8g 4q90 5aks 4pf0 4yii 57xu 4nzi 5ap0 4qos 58mw 4ldq 5e7u 4umy 4wae 51ae 4z4g " +
      "545g 50ko 5qhe 4j26 56ze 4ree 5lxa 4uq4 5hhe 4hsi 5mh6 500o 58m4 5eqq 589i 4vsu 5mm8 " +
      "52s4 59j8 50ig 5aek 5apg 5a4y 5in8 4kvq 6720 5cgq 4jg6 5uww 5bz2 582m 542m 5ok4 587y " +
      "5ed2 5220 5nja 4j14 5056 620s 5qki 5cd8 5sms 55c0 4wkg 5yoo 5ek2 572w 55xe 5gvi 5lw6 " +
      "5eae 5mqe 5r5y 4lu2 5lpw 5cyo 607w 4mh8 5hkm 5bfk 5piq 4o74 66yg 5vfg 4mv6 5ykg 5gqm " +
      "5qys 4jhc 65lu 53jg 4zbs 63ls 5mv2 55t8 5deo 5c88 5cnc 64a8 4yfs 4cp6 668c 5v54 50so " +
      "5jfa 4y04 5zu8 6jvs 4ehg 51ms 6344 42m8 6cy4 5tte 560w 4q2m 5qws",
    step: 25,
    steps:
      "01010110101101011010110101101011010110101011010110101101011010110101101011010110101011" +
      "01011010110101101011010110101101010110101101011010110101101011010110101101010110101101" +
      "011010110101101011010110101",
  },
  {
    estimates:
      "8skls 59tq 5cqk 5ejw 5gu4 5jv0 5pic 5nma 5q5e 5sow 5uq4 60zu 5x7q 64ay 606g 678c 6f92 " +
      "67oc 6cy8 6h10 6fce 6lv4 6q3g 6jk4 6tvk 6ppg 70z0 6t7y 712o 6xvs 703u 7eyc 79c6 78u8 " +
      "77sy 7fo4 7jda 7kjs 7hce 7hi2 7wq0 7mho 7rty 811o 7pz0 81fg 7y5a 857w 86mm 7ufw 8gp0 " +
      "87rg 8hug 84tc 8gs4 8n3c 8972 8iza 8x0e 8kom 8kra 8qt4 93c0 8zsu 8q7i 95tw 8swk 92tg " +
      "9bni 8xfu 9bn4 8ply 9onq 8zh6 9inm 99no 9810 9ms2 9fx4 9n3y 92uw 9l4i 9k6q 9rqa 9hza " +
      "a54w 9sfy 9ae4 9spe a01i 9ghy aame 9in8 afs0 9x24 9vmm 9rwe 9r4y ajgs 9n0k amsa abzi " +
      "9qws aaia am46 9ur4 abls agp8 a2pq al8s a1qg aess 9p3u b2nq ap8m 99y4 b7ya ak5m al5c " +
      "apnw 9o92 b160 a75k azlu aalw asyc a68c b648 an90 ajtm ahxc a0fk awpg afia b5km ayo4 " +
      "b1no a52w ap16 ab2a aqbi 9z3o aqbg btum avp0 afhk a1v0 b97y bayo 9xd0 b86a afl4 bock " +
      "aafk bl5s avco 9w16 bofw 8ztk cwpg 9hwa bvbi aifm a15c bbci b5v0 aycw ajwa arlo bgzq " +
      "baac af0i ahsq bmz8 acnq as54 9yui bz8a ceoe 98f8 bkuo amrw azrw bdos a6yg bpr8 9t3k " +
      "b71i aswm bdiy av5w b6ri ahg8 aty0 aubo amve abr8 apom czl4 8nfu b89o",
    step: 51,
    steps:
      "00000100001000010000100001000010000100000100001000010000100001000010000100001000001000" +
      "01000010000100001000010000100001000001000010000100001000010000100001000001000010000100" +
      "0010000100001000010000100001",
  },
  {
    estimates:
      "hl57k alry aov6 axle ax6u b2fa bajm bc3y bhn8 blim bp54 bybo byw2 c79m c81s c8zy cina " +
      "cozi cs82 cv3c cw80 dblm d4sk dfng dksq dhjo dtfs dtow dxzg e61q e8h0 ehmy eeb0 erku " +
      "ejx8 erwe f3ay eyz6 ezv4 ffgo f92s fg44 fjz0 fik4 g17m fvn8 gdw6 g3ac g0uu gex2 gnhc " +
      "gk3u gtri giew hbxo gub8 h2ey hawm gz3y hcr0 hc3y hrzs h6m0 i2kq i7h0 hxme hntu i70c " +
      "i5zw hy5c ifna ik9g i3b0 iby2 ioek jhrk ivzy i66s jbbw ihsq js2g ihpq juow iljy k0b8 " +
      "jbs0 j0ou j9e8 jvya ji6i jzlo k3g8 jpvq jna0 k0uu jbx0 l6fo j6b8 k26y k3ac l60i k9om " +
      "jp7m kk6s kusw jgeu ktuy klh6 kfy6 kyug kcos konm krh2 l5jy kf86 kuba kove kxfa lft2 " +
      "k4tw lqyi ko6a ld7g knf4 kyeu le4s l4aq ky5s m81y k7mu lh3i k4fw m53m knzy kssa m7o6 " +
      "mgwk j2mi ncd4 jb6k ly5o ma10 lshm l16m kl0w mnzo ktoc m7y4 l20y kzm0 l54o o1es kh8u " +
      "m1f4 klp2 n606 l87a l0jw m5gc jwsy nrno koh6 myiq jltq l5e0 mpgm m62g kddw mq0e l7vg " +
      "nmoi jsgk na12 l3js lpnm m5yw jvnk mwng m61k lni2 lxyq l3rk mgoc m5jg kyja ndqs jqwi " +
      "lbfm nybq mrhw jyxc misk mkrq lo9w ld0y nsw4 lg12 jxxi ke1i o7pi krmw",
    step: 102,
    steps:
      "00100101001010010100101001010010100101001001010010100101001010010100101001010010010100" +
      "10100101001010010100101001010010010100101001010010100101001010010100100101001010010100" +
      "1010010100101001010010010100",
  },
  {
    estimates:
      "z6ebg l61w lg7y lp44 m0b0 m4zg mgja msns mwvg nb64 nex0 nq92 o26c oc44 ol4m okcw p2cy " +
      "p9ug piue pp9c ptro qaia qe7a qxno qwd0 ragy rgbo rxbc rxza s97e sh72 srjo su9i szz0 " +
      "tkgs tml6 tkac u8m4 ujm0 udta uug2 uyru v7wi vhv6 v2jk w5wk wdo6 w25y wb3e wpsu wrts " +
      "xalm xzfq xawk xdb4 xp2i ybaw yjv4 y6s8 yomu ywzm zhi0 yrp8 zo6g zp1a z87g 1030c 10ozk " +
      "zwui 10qa2 112jy 100ri 11ej8 10i6o 11cb4 112y6 11tu2 11t82 11v8y 11o4u 12ere 124g4 " +
      "134vs 11rcy 127yy 131as 13dro 13kxu 12x1g 13ff0 11wqi 14qe8 12kk8 13w1u 13afm 15482 " +
      "13x5y 14edg 13o2s 16efe 13isu 14mt0 13pcq 14vk2 155fa 15ihg 14p3a 14ofe 14ibm 14tl8 " +
      "16aoi 15aqa 15lkc 14cfa 16j22 14ons 15mqm 15dns 16ih4 14zha 17h2q 1589c 15ytw 15t2q " +
      "166oy 15rjc 16znc 15qci 16zfu 15idk 17jtu 14mx2 16vt2 17ylq 1677i 15iim 17dm0 17bg8 " +
      "16on8 17lbw 15c90 16icg 189bu 14zjk 188ps 18c9m 155ie 17qgq 17hu6 15ww0 16yr2 19osw " +
      "14qxo 193ts 15i82 16ykk 17qq4 17uz4 18l24 15r4u 19doo 15ze8 179sc 1701k 17jtu 18742 " +
      "16jfq 16tac 17f66 18g6u 15khi 18e5s 18hdq 16v60 16yf2 19cim 16ekg 1756w 18rig 156im " +
      "17ere 1a5qy 16lbo 1871g 1a8we 13oy0 17vvo 18r0u 17bv0 17tl0 176ha 1574c 19rna 197n2 " +
      "155j2 19rqw 15qvk 17ty6 155no 1crnu",
    step: 204,
    steps:
      "01110111101111011110111101111011110111101110111101111011110111101111011110111101110111" +
      "10111101111011110111101111011110111011110111101111011110111101111011110111011110111101" +
      "111011110111101111011110111",
  },
  {
    estimates:
      "1ycw7y 16c5c 16y3m 17di8 18146 18bw0 190cy 19jmm 19sq6 1aj4e 1avyu 1bkji 1bvvi 1cisk " +
      "1d2ae 1dicq 1dzme 1ekle 1f5ao 1fagk 1g3qo 1ggfc 1gyna 1hjrw 1hxlm 1ibq4 1j4gg 1jhyy " +
      "1jx4o 1kffe 1kno0 1lr1q 1lsyi 1mgn0 1mycc 1mnmg 1o91o 1o7so 1od38 1p6aa 1p8fw 1qd4c " +
      "1q9ai 1rfsa 1r0ew 1ryq8 1s4h8 1sfx8 1tcei 1snjk 1u5mi 1ufe0 1uji0 1ve36 1vn36 1w47i " +
      "1vv6o 1wxiu 1wrtm 1xrsy 1xwvm 1y8i0 1x9gu 1zyaw 1yvaq 1z8xg 20xmm 1zaqg 21ic4 21o1u " +
      "1zy8i 221f4 22bcm 21n6m 22wua 230iu 233zm 23pga 22uno 25g8m 23eu6 24v8s 2470c 256yw " +
      "25ezs 25rhc 25y88 255yy 267gm 26x8s 28ecu 26y52 26bg6 279va 275jg 292w0 285cy 25sxc " +
      "29yxc 29ade 29ieg 282hg 2a932 2a1uw 27ivi 2aqu2 29huu 2adp0 2b1pc 2a6oe 28kq4 2b8n0 " +
      "2cb3w 2betq 29fru 2b1l8 2b27w 2bv0g 2byxa 298hy 2cvxw 2d31s 2dksc 2a966 2cz2y 2c7yq " +
      "2b4zm 2ewi6 2awgc 2e7ns 2bt0s 2bygk 2dbma 2e98q 2bjls 2es9q 2d8m4 2c5bi 2g68e 2d87c " +
      "2e95w 2br7s 2gf40 2bdpa 2i8u0 2abom 2h6qc 2bpq0 2exyg 2c59o 2duw4 2da10 2e9z6 2gy5g " +
      "2dk2s 2d9v0 2go8c 2c1si 2etqw 2eu4u 2i5t6 2df0y 2dbxu 2jxf8 29lgc 2fkjk 2f6xa 2dydi " +
      "2dzj8 2gv7w 2en34 2gysq 2g4us 2d3t4 2ghco 2dwgg 2eevo 2ghcg 2duui 2i8ds 2dti4 2fy0y " +
      "2cuv0 2gems 2ffg2 2e1hg 2inwy 2f1is 2dxwq 2fk7c 2hsvk 2bbdg 2hjiq 2eu6y 2cscq 2hkgc " +
      "2gijk 2fhm4 2bbmu 2iyp8 2h8j0",
    step: 409,
    steps:
      "01010110101101011010110101101011010110101011010110101101011010110101101011010110101101" +
      "01011010110101101011010110101101010110101101011010110101101011010101101011010110101101" +
      "0110101101010110101101011010",
  },
  {
    estimates:
      "3wpsus 2cu0e 2dvli 2ey8c 2fst0 2guk4 2i0y8 2iv1m 2jvxq 2kyly 2lslu 2n1x6 2ny08 2oymu " +
      "2pvu6 2qvtm 2s68c 2t6mw 2toxw 2v6zy 2vyze 2x670 2y16u 2yqki 2zv6w 31cci 321ka 32the " +
      "341fu 34foo 3645g 36ehq 37wty 389h4 3aala 3a618 3bjp0 3bnv0 3dy9e 3esye 3e272 3gmo8 " +
      "3gzwc 3hapm 3icn4 3k0l0 3l31u 3krec 3lowu 3mfva 3pcr0 3ny70 3py1a 3pcpm 3rnk8 3sori " +
      "3rrq2 3so7s 3ufb0 3tuqc 3vstm 3wms0 3x0k0 3xo0a 3yxu0 3yosw 40lsg 4020o 40n0m 44d84 " +
      "3zypc 44iw4 44gxk 431qg 4579s 45u66 449ui 46jpy 48kns 48wc0 47n0u 48w6w 4aghu 4aqae " +
      "49v2u 4berc 4bdi8 4bers 4e6lo 4ba1k 4ev1a 4dsdm 4e262 4g2p0 4ewik 4ffs4 4g4cc 4h75m " +
      "4ffi8 4gzug 4irog 4iryo 4hr72 4i9b0 4ip0w 4j1ak 4kssq 4jzrk 4j8am 4kt8u 4m0m4 4lpk6 " +
      "4lbio 4kj4s 4ouhu 4jqek 4ne4m 4o8ew 4o5ww 4mjdm 4ollm 4nkeg 4n2yo 4p7yi 4qy9c 4lz8k " +
      "4ps4o 4oge0 4r4mo 4qoc6 4pwr0 4lmeq 4si3a 4pbrm 4tiiw 4n8wa 4s3mq 4v5u8 4kvny 4sn9o " +
      "4r5qe 4uuei 4p35u 4tmvc 4pozq 4toeq 4q5jw 4t8xg 4u4ks 4o8hs 4ttse 4v0rc 4qq5k 4qbqg " +
      "4vnm8 4utue 4sik2 4u00m 4rnpa 4vhuw 4ohx8 4tjv0 4uyzs 4rl5q 50qiu 4p3hw 4s4te 4wgaq " +
      "4vtti 4qr36 4vrkc 4pim8 4x6su 4vvdw 4w1se 4u87a 4v8vw 4rbuo 4w0l2 4uqjs 4tpbw 4vbje " +
      "4u5zs 4sd6i 4t9xg 4y33o 4vjye 4rdcu 4wejk 4tvaw 4u680 50k7o 4x72y 4n6oq 4u1me 4x2r8 " +
      "4widm 4teyy 4uf52 4wviq 4trq6",
    step: 819,
    steps:
      "00000100001000010000100001000010000100001000001000010000100001000010000100001000010000" +
      "01000010000100001000010000100001000010000010000100001000010000100001000010000010000100" +
      "0010000010000100001000001000",
  },
  {
    estimates:
      "7tftdc 4pm5s 4rjj6 4tpfi 4vork 4xx62 4zmnm 51u4a 53y4m 55qi8 57tn0 59u2g 5bqny 5eae2 " +
      "5frns 5i1sa 5k1um 5lzs0 5o28s 5pzje 5s7pw 5ucis 5vdj6 5ycow 5znuc 61bsk 64fba 65dau " +
      "686iy 696xu 6b6k8 6e86q 6f0ho 6h4q8 6jbwu 6lbis 6makc 6pmpw 6qdxq 6t8v8 6to52 6wb34 " +
      "6xw3a 70a36 70m1y 73yrg 747l4 760po 78qs6 7a734 7bgum 7cgqg 7ehr0 7gf1q 7itzu 7jqna " +
      "7lo2u 7mm7c 7pd1y 7nr4a 7rh2m 7st8u 7u8b6 7wh62 7xf1a 7xeo8 802h6 81ruy 81ilc 83e1s " +
      "86nuw 85s7u 887oi 88rqo 89ddg 8dgq4 8b3zi 8cmtg 8f3sa 8diwa 8izro 8jmya 8fn6k 8ms9u " +
      "8jbpe 8n1oc 8ogz2 8nrse 8qjse 8qxhy 8rx2o 8qym4 8sm3g 8t13a 8y3au 8uwky 8vhqw 8wg7a " +
      "8xh9m 90eey 92f96 8wgue 92d2e 93oy6 8yb5w 94juk 929pe 93s8w 95zh8 96yx4 96mqy 96s14 " +
      "97imm 98ac4 9baz2 964rm 9aqgo 9aij0 96swa 9fluu 9992w 9fva6 95zuw 9g2kk 9ad9u 9gwmm " +
      "9d6uc 9cdo4 9g9au 9gk22 9f054 9cdyc 9g2ci 9f95m 9numa 9gh1k 9dcfy 9kb1c 9mvcc 9fn60 " +
      "9oteq 9g75o 9jqyi 9g12o 9k95g 9gn2s 9olvo 9hnlo 9h16q 9r17e 9m6do 9hnoc 9phyq 9opb4 " +
      "9ijd4 9owxo 9jeow 9h670 9owqa 9nu0i 9ln48 9lzjc 9rbde 9lgv4 9mspk 9icu8 9qlkg 9mcv8 " +
      "9m83w 9kmpm 9t1ys 9le30 9qtjc 9t84o 9rq1i 9k1j2 9p8dm 9i6ei 9qavy a294q 9lxku 9iv6m " +
      "9p35g 9q6us 9pv9y 9jo5w 9moi2 9un5y 9mfrs 9v5eo 9l496 9p9tw 9r5k6 9lilq 9vqha 9lklg " +
      "9s952 9mpg6 9w8qk 9my7q",
    step: 1638,
    steps:
      "00100101001010010100101001010010100100101001010010100101001010010100101001010010100101" +
      "00101001001010010100101001010010010100101001010010010100101001010010100100101010010100" +
      "101001010010100101001010100",
  },
  {
    estimates:
      "fmvmqo 9fgri 9jeps 9nc5q 9rdsd 9vj9w 9zlnc a3rx2 a7lcu abbxz ag35l ajn85 ao4sy ar10w " +
      "aw4yk azcfx b499w b8ah9 bcld3 bgdk5 bjbc7 bojer brhf5 bvrgf bzpn6 c3wqm c7l8c cbmve " +
      "cg4pd ckxwn ckpda csf0u cuylx czc51 d1rbn d5rkf dabuq dbxsa di6oj dll4g dopzi drksm " +
      "dvfi3 dzmnc e25pe e5o0w eacld edejz eicxd em7z7 eki5x epbic ev3se eug4v f390n ezuxi " +
      "f7mc9 fbm9n fe4j3 fbkze fj759 fm70g fpud2 fow22 ftj3y fytys g18gy fzo1u g3ezh g7bnn " +
      "gfwr0 g5xgp gjk9l gioy3 ghsw2 gqopy glosg gpxem gshpe guo0p h3g4k h0tdv h0418 h3jkb " +
      "h2ou2 hcii5 hdfk5 haj40 heydm hk2ss hi7nu hpemc hf305 hlcle hoz9f hnu1e hydpg hu9ue " +
      "hvn72 hv5d9 hwod4 i82lq hxlze i5c37 i22zs i48wn iizzt hxkh8 i6ku1 iemsn iiimj iadof " +
      "igypm ihgeu iajkn iedhs igwtf iq9xt ihwcq isizg iomgp ilm04 ivalf iop6h iknt0 iqz0b " +
      "iv60u iw5yl io7o7 ixq6w ipesz j6flj j07v3 isiv5 iti4b iv5y2 j1gpj iua0m j5nai ix23j " +
      "j0bfp j3i9v j0rn6 j7x5q j2r57 iy7tr iqua1 jqy2j j4k2u j6ywy j45ys j58e4 j8r92 j6yyh " +
      "jazxn iwuuk jdtfy j6613 izrxh josuy iy0gw jbio3 jeitz jf9dt jin0p iwrn5 jj1yw j6nql " +
      "j9se0 jp876 iwlbi jccno jfe39 jdgcp j862k jnl0r jawyz iyn8c jt96h jng9x j4knj j0p4c " +
      "jo7kz jhnm9 jd7f6 jawkt jfxjj jb0rd jmkcr jrial j1yom jgqof jfea7 jbguy j8tcc k36ro " +
      "j0yjn jd48v jnncn j75zo ji2my",
    step: 3276,
    steps:
      "01110111101111011110111101111011110111101111011110111101110111101111011110111101111011" +
      "10111101111011101111011101111011101111011110111011110111011110111011110111101111011110" +
      "1111101111011110111110111101",
  },
  {
    estimates:
      "v9r9hc ius22 j34ky jahbs jj6xs jqvok jzl64 k6o2i kf7d0 knnx6 kulmc l5ilu l9gqs ll1iy " +
      "lqifu m0rxs m8t10 mexce moolo muqx4 n5uny na9hg nisag nv754 nwhoo oams6 oe4ks onpyo " +
      "ovgw2 p3fne pazka pivuq pmskk q0jb4 q029i qhk5c ql2pg qpeuk qr6pq rb5aw re0ue rjd1a " +
      "rrjru rwz1a sb7b8 s42vu sphza sk1mo sz8vi t5w1s tat34 tfbcs toewg tvao6 u1vu8 u1bgm " +
      "uian4 ui3o0 ujr18 uxpes v4jcy v9i9i v87jk vkarc vhxww w18b8 vxoha w7n8u w2czy wf1pm " +
      "wmn58 wmrek wq728 wvw82 x9a6m xljso x7rt4 xkw8m xkkaw xvhmm xw8v6 xxub8 xw2hg yc9nc " +
      "yr220 y5lzk ypoz2 yp9xe z1cts ygf0k za0dm yzxjo zc85u z4eos zqpze z4gjg zscgo znlxs " +
      "zxv8s zwr3i 1059ws zv3om 102sf4 zypg0 1075ei 109q8g 10p3x8 107xek 10nwhw 111ge2 105usg " +
      "10vwvk 10w7be 10z33s 10uwha 10yo9w 10p8v0 11gcp0 10uz5e 119306 117330 11zuwg 110yx6 " +
      "11mqxc 111ap2 1234l4 11cjuw 119r52 11ovvc 11yjjq 11lymq 11vtd0 11yugi 124ada 118aua " +
      "11qljc 12hs16 11yn06 11q4nk 12892i 11mwrc 12skhw 11dooc 12rwvw 125qew 126uag 12hbek " +
      "11znsw 12meh4 12914i 12eq02 12gmay 124n6o 124uoe 12ptlw 12erss 12bbsm 12m41a 122rv2 " +
      "13ekkw 1292aq 12iz0o 12ic34 12hx5m 136vrm 125fs4 12npju 11t0rc 13079a 13531m 12tvt8 " +
      "12gt3y 12cdu2 12ilki 12wlng 12tkf8 12olj8 12mzrs 13jnju 12jqca 12bxgc 131x9s 1394gc " +
      "11x6a4 12sy00 137ake 13n5g2 12dybe 12a1pg 135b64 12zc6o 137sho 12bpu6 13fkce 12711s " +
      "12xefa 12vns0 1255d4 13kozw 139zq6",
    step: 6553,
    steps:
      "01010110101101011010110101101011010101101011010110101101011010110101101010110101101101" +
      "01101101011011010110110101101101011011010110110101101101011011010110110101101101011011" +
      "010110110101101101011011010",
  },
];
