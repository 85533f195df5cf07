# Every target but help needs .venv: packaging/environment.sh makes it once.
bin := .venv/bin

.PHONY: trials help demo app test lint screenshots limits bench samples installer installer-test smoke \
	environment

help:
	@echo 'make demo             clean a sample of each kind and show what came of it'
	@echo 'make app              open the window'
	@echo 'make test             lint and run every test, as CI does'
	@echo 'make lint             ruff, its formatter and mypy'
	@echo 'make screenshots      draw every state of the window into files'
	@echo 'make limits           measure time, memory and the window'\''s answers'
	@echo 'make bench DATA=DIR   measure photo denoising on a folder of clean pictures or pairs'
	@echo 'make trials DATA=DIR  fine-tune on one kind of file after the other, and judge it'
	@echo 'make samples          make resources/samples again'
	@echo 'make installer        build the program and its packages, into build/installer/packages'
	@echo 'make smoke            compare the built program with the source tree'
	@echo 'make installer-test   install the .deb in a fresh Debian and use it there; needs root'

demo: environment
	$(bin)/desktop-ae demo

app: environment
	$(bin)/desktop-ae

test: lint
	QT_QPA_PLATFORM=offscreen $(bin)/pytest

lint: environment
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy

screenshots: environment
	$(bin)/python packaging/screenshots.py

limits: environment
	$(bin)/python packaging/measure_limits.py

bench: environment
	@test -n '$(DATA)' || { echo 'Say which pictures: make bench DATA=DIR' >&2; exit 2; }
	$(bin)/desktop-ae bench image/denoise --data '$(DATA)'

trials: environment
	@test -n '$(DATA)' || { echo 'Say where the training data is: make trials DATA=DIR' >&2; exit 2; }
	$(bin)/python packaging/trial_documents.py --data '$(DATA)'
	$(bin)/python packaging/trial_photos.py clean --data '$(DATA)'
	$(bin)/python packaging/trial_photos.py noisy --data '$(DATA)'
	$(bin)/python packaging/trial_sound.py --data '$(DATA)'
	$(bin)/python packaging/trial_ecg.py --data '$(DATA)'

samples: environment
	$(bin)/python packaging/make_samples.py

installer: environment
	@bash packaging/linux/prepare.sh
	$(bin)/python packaging/build.py

smoke:
	build/packaging-env/bin/python packaging/smoke.py

installer-test:
	@bash packaging/linux/prepare.sh
	bash packaging/linux/installer_test.sh

environment:
	@bash packaging/environment.sh
