"""What `dataflow init` prints."""

from __future__ import annotations

import ast
import importlib
import re

from dataflow.workspace import lay, next_steps


def test_the_first_command_to_type_needs_no_key_and_no_gpu(tmp_path):
    text = next_steps(tmp_path, lay(tmp_path))
    commands = re.findall(r"^ *((?:dataflow|python|export|hf) .*?)(?:  .*)?$", text, re.MULTILINE)
    assert commands[0] == "dataflow run video_qa"
    assert "export DF_API_KEY=..." in commands
    assert "hf download --repo-type dataset OpenDCAI/dataflow-demo-image --local-dir data" in commands


def test_every_script_that_was_laid_is_in_the_tree_and_among_what_to_do_next(tmp_path):
    laid = lay(tmp_path)
    tree, _, commands = next_steps(tmp_path, laid).partition("Try it now")
    scripts = [file.path.relative_to(tmp_path).as_posix() for file in laid if file.path.suffix == ".py"]
    assert len(scripts) == 5
    for script in scripts:
        assert f"\n  {script}\n" in tree
        assert script in commands


def test_all_scripts_are_said_to_run_and_their_operators_exist(tmp_path):
    commands = re.findall(r"^ *python (\S+)", next_steps(tmp_path, lay(tmp_path)), re.MULTILINE)
    assert len(commands) == 5
    for script in commands:
        for node in ast.walk(ast.parse((tmp_path / script).read_text())):
            if isinstance(node, ast.ImportFrom):
                assert all(hasattr(importlib.import_module(node.module), name.name) for name in node.names)


def test_every_folder_is_in_the_tree(tmp_path):
    laid = lay(tmp_path)
    text = next_steps(tmp_path, laid)
    assert [
        folder for folder in {file.path.parent for file in laid} if f"{folder.relative_to(tmp_path)}/" not in text
    ] == []


def test_a_workspace_elsewhere_begins_with_going_there(tmp_path, monkeypatch):
    target = tmp_path / "my work"
    assert f"cd '{target}'\n" in next_steps(target, lay(target))
    monkeypatch.chdir(target)
    assert "cd " not in next_steps(target, lay(target))


def test_files_that_were_kept_are_marked_with_the_way_to_replace_them(tmp_path):
    lay(tmp_path)
    (tmp_path / "gpu_pipelines/context_vqa.py").unlink()
    text = next_steps(tmp_path, lay(tmp_path))
    assert "1 new" in text and "kept" in text and "--force" in text
    assert "\n  gpu_pipelines/context_vqa.py\n" in text
    assert "\n  api_pipelines/image_vqa.py  [kept]\n" in text
    assert "frames/ (10 files)  [kept]" in text
